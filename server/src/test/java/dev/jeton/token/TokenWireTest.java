package dev.jeton.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.RawHttp;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Runs every file of {@code wire/token}, octet by octet, against a server of each setting that the file names. */
class TokenWireTest {
    private static final String AUDIENCE = "https://api.example.com/timesheets";
    private static final Map<String, TestServer> SERVERS = new HashMap<>();
    private static final Map<String, Map<String, String>> VALUES = new HashMap<>();

    @BeforeAll
    static void startServers() {
        start("auth0", Map.of("JETON_OAUTH_ERRORS", "auth0"));
        start("rfc6749", Map.of("JETON_OAUTH_ERRORS", "rfc6749"));
        start(
                "lenient",
                Map.of("JETON_OAUTH_DEFAULT_AUDIENCE", AUDIENCE, "JETON_OAUTH_ACCEPT_EITHER_SECRET_TRANSPORT", "true"));
    }

    @AfterAll
    static void stopServers() {
        SERVERS.values().forEach(TestServer::close);
    }

    private static void start(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("JETON_THROTTLE_ENABLED", "false");
        TestServer server = TestServer.start(all);
        SERVERS.put(name, server);
        VALUES.put(name, register(server));
    }

    /** The registry that every case finds, by the names that its placeholders have. */
    private static Map<String, String> register(TestServer server) {
        Map<String, String> values = new HashMap<>();
        values.put("host", "127.0.0.1:" + server.port());
        values.put("issuer", server.issuer());
        values.put("audience", AUDIENCE);
        values.put("other_audience", "https://api.example.com/other");
        server.createApi(AUDIENCE, List.of("read:timesheets", "create:timesheets", "delete:timesheets"), Map.of());
        server.createApi("https://api.example.com/other", List.of("read:other"), Map.of());
        server.createApi("https://api.example.com/unscoped", List.of(), Map.of("token_lifetime", 600));

        String post = client(server, values, "", Map.of("token_endpoint_auth_method", "client_secret_post"));
        server.createGrant(post, AUDIENCE, List.of("read:timesheets", "create:timesheets"));
        server.createGrant(post, "https://api.example.com/unscoped", List.of());
        for (Map.Entry<String, Map<String, ?>> other : Map.of(
                        "basic_",
                        Map.of("token_endpoint_auth_method", "client_secret_basic"),
                        "either_",
                        Map.of("client_secret", "p+s:w%rd é/=&\"\\ \u20ac"),
                        "no_grant_type_",
                        Map.of("grant_types", List.of("authorization_code")),
                        "public_",
                        Map.of("token_endpoint_auth_method", "none", "grant_types", List.of("authorization_code")))
                .entrySet()) {
            String id = client(server, values, other.getKey(), other.getValue());
            server.createGrant(id, AUDIENCE, List.of("read:timesheets", "create:timesheets"));
        }
        return values;
    }

    private static String client(TestServer server, Map<String, String> values, String prefix, Map<String, ?> more) {
        JsonNode client = server.createClient(prefix + "client", more);
        values.put(prefix + "client_id", client.path("client_id").asString());
        values.put(prefix + "client_secret", client.path("client_secret").asString());
        return client.path("client_id").asString();
    }

    static Stream<Arguments> cases() throws IOException, URISyntaxException {
        URL folder = TokenWireTest.class.getResource("/wire/token");
        if (folder == null) {
            throw new IllegalStateException("the wire cases are not on the class path");
        }
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files
                    .filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .map(WireCase::read)
                    .toList()
                    .stream()
                    .flatMap(wireCase -> wireCase.expected().stream()
                            .map(expected -> Arguments.of(wireCase, expected.server(), expected)));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void answers_as_the_case_says(WireCase wireCase, String setting, WireCase.Expected expected) throws IOException {
        TestServer server = Objects.requireNonNull(SERVERS.get(setting));
        Map<String, String> values = Objects.requireNonNull(VALUES.get(setting));
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(wireCase.request(values));
            RawHttp.Response response = connection.read(wireCase.method());
            String answer = response.status() + "\n" + String.join("\n", response.headers()) + "\n\n" + response.body();

            assertThat(response.status()).as(answer).isEqualTo(expected.status());
            assertThat(response.all("X-Auth0-RequestId"))
                    .as(answer)
                    .hasSize(1)
                    .allMatch(id -> id.matches("[0-9a-f]{20}"));
            if (response.status() != 204 && response.status() != 100) {
                assertThat(response.all("Cache-Control")).as(answer).containsExactly("no-store");
            }
            for (String line : expected.headers()) {
                String name = line.substring(0, line.indexOf(':'));
                String value = line.substring(line.indexOf(':') + 1).strip();
                switch (value) {
                    case "*" -> assertThat(response.all(name)).as(answer).hasSize(1);
                    case "-" -> assertThat(response.all(name)).as(answer).isEmpty();
                    default -> assertThat(response.all(name)).as(answer).containsExactly(value);
                }
            }
            String body = WireCase.octets(response.body());
            if (setting.equals("rfc6749") && body.startsWith("{\"error\":")) {
                String uri = ",\"error_uri\":\"" + server.issuer() + "docs/troubleshoot#";
                assertThat(body).as(answer).containsPattern(Pattern.quote(uri) + "[a-z-]+\"}$");
                body = body.substring(0, body.indexOf(uri)) + "}";
            }
            assertThat(body).as(answer).matches(WireCase.pattern(expected.body(), values));
            if (response.all("Connection").contains("close")) {
                assertThat(connection.isClosedByServer()).isTrue();
            }
        }
    }
}
