package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import dev.jeton.Await;
import dev.jeton.RawHttp;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the log says of requests, with every logger of ours and of the engine open. */
class RequestLogTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
    private TestServer server;

    @BeforeEach
    void listen() {
        root.iteratorForAppenders().forEachRemaining(usual::add);
        usual.forEach(root::detachAppender);
        root.addAppender(events);
        events.start();
        root.setLevel(Level.DEBUG);
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
        root.setLevel(Level.WARN);
        root.detachAppender(events);
        usual.forEach(root::addAppender);
    }

    /** The line of that response, which is written after it. */
    private Map<String, Object> line(HttpResponse<String> response) {
        String id = response.headers().firstValue("X-Auth0-RequestId").orElseThrow();
        Await.until("the line of request " + id + " is there", () -> !lines(id).isEmpty());
        assertThat(lines(id)).hasSize(1);
        return lines(id).getFirst();
    }

    private List<Map<String, Object>> lines(String requestId) {
        return List.copyOf(events.list).stream()
                .filter(event -> event.getLoggerName().equals("dev.jeton.request"))
                .map(event -> event.getKeyValuePairs().stream()
                        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value)))
                .filter(line -> requestId.equals(line.get("request_id")))
                .toList();
    }

    private JsonNode credentials() {
        return JsonMapper.shared().readTree(server.folder().resolve("cli.json"));
    }

    @Test
    void a_granted_request_is_one_line_with_the_client() {
        JsonNode cli = credentials();
        Map<String, Object> line = line(server.token(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                cli.path("client_id").asString(),
                "client_secret",
                cli.path("client_secret").asString(),
                "audience",
                server.issuer() + "api/v2/")));

        assertThat(line)
                .containsOnlyKeys("request_id", "method", "route", "status", "duration_ms", "client_id")
                .containsEntry("method", "POST")
                .containsEntry("route", "/oauth/token")
                .containsEntry("status", 200)
                .containsEntry("client_id", cli.path("client_id").asString());
        assertThat((Double) line.get("duration_ms")).isPositive();
    }

    @Test
    void a_refused_request_is_one_line_with_the_error() {
        assertThat(line(server.token(Map.of("client_id", "nobody"))))
                .containsEntry("status", 401)
                .containsEntry("error", "access_denied");
    }

    @Test
    void a_route_is_named_by_its_pattern_and_a_path_that_does_not_exist_not_at_all() {
        assertThat(line(server.manage("GET", "clients/some-client", null)))
                .containsEntry("route", "/api/v2/clients/{id}")
                .containsEntry("status", 404);
        assertThat(line(server.get("some/secret/path?and=query")))
                .containsEntry("route", "-")
                .containsEntry("status", 404);
    }

    @Test
    void what_is_not_http_is_one_line_too() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send("HELLO WORLD\r\n\r\n");
            String id = connection.read("GET").header("X-Auth0-RequestId").orElseThrow();

            Await.until("its line is there", () -> lines(id).size() == 1);
            assertThat(lines(id).getFirst()).containsEntry("status", 400).containsEntry("error", "invalid_request");
        }
    }

    @Test
    void no_event_of_any_logger_holds_a_secret_or_a_token() {
        JsonNode client = server.createClient("Import job", Map.of());
        String id = client.path("client_id").asString();
        String secret = client.path("client_secret").asString();
        String basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        server.createApi("https://api.example.com/x", List.of("read:x"), Map.of("signing_alg", "ES256"));
        server.createGrant(id, "https://api.example.com/x", List.of("read:x"));
        Map<String, String> request = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                id,
                "client_secret",
                secret,
                "audience",
                "https://api.example.com/x");
        HttpResponse<String> granted = server.token(request);
        String token = JsonMapper.shared()
                .readTree(granted.body())
                .path("access_token")
                .asString();
        assertThat(token).isNotEmpty();
        line(server.exchange(
                form("oauth/token?client_secret=" + secret, "client_id=" + id + "&client_secret=" + secret)));
        line(server.exchange(form("oauth/token", "client_secret=%zz" + secret)));
        line(server.exchange(form("oauth/token", "").header("Authorization", "Basic " + basic)));
        line(server.exchange(form("oauth/token", "").header("Authorization", "Bearer " + token)));
        line(server.manage(token, "GET", "clients", null));
        line(server.manage("GET", "clients/" + id, null));
        line(server.manage("POST", "clients/" + id + "/rotate-secret", null));

        List<String> texts =
                List.copyOf(events.list).stream().map(RequestLogTest::text).toList();

        assertThat(texts).hasSizeGreaterThan(10);
        for (String forbidden : List.of(secret, basic, token, server.managementToken())) {
            assertThat(texts).noneMatch(text -> text.contains(forbidden));
        }
    }

    private HttpRequest.Builder form(String path, String body) {
        return server.request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + event.getKeyValuePairs()
                + event.getMDCPropertyMap()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
}
