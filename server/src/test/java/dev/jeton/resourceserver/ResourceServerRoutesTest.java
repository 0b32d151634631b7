package dev.jeton.resourceserver;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ResourceServerRoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode create(Map<String, ?> body) {
        return server.managed("POST", "resource-servers", body);
    }

    private static JsonNode get(String id) {
        return server.managed("GET", "resource-servers/" + id, null);
    }

    private static JsonNode patch(String id, Object body) {
        return server.managed("PATCH", "resource-servers/" + id, body);
    }

    private static JsonNode system() {
        return server.managed("GET", "resource-servers", null).get(0);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void an_api_needs_only_an_identifier() {
        HttpResponse<String> response =
                server.manage("POST", "resource-servers", Map.of("identifier", "https://minimal.example.com"));

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode api = json(response);
        assertThat(api.path("id").asString()).matches("[0-9a-f]{24}");
        assertThat(api.path("identifier").asString()).isEqualTo("https://minimal.example.com");
        assertThat(api.path("signing_alg").asString()).isEqualTo("RS256");
        assertThat(api.path("token_lifetime").asInt()).isEqualTo(86_400);
        for (String absent : List.of("name", "scopes", "token_dialect", "signing_secret", "is_system")) {
            assertThat(api.has(absent)).as(absent).isFalse();
        }
        assertThat(get(api.path("id").asString())).isEqualTo(api);
    }

    @Test
    void an_identifier_is_taken_only_once_and_compared_character_by_character() {
        create(Map.of("identifier", "https://taken.example.com"));

        assertRefused(
                server.manage("POST", "resource-servers", Map.of("identifier", "https://taken.example.com")),
                409,
                "A resource server with the same identifier already exists",
                "resource_server_conflict");
        create(Map.of("identifier", "https://taken.example.com/"));
        create(Map.of("identifier", "https://TAKEN.example.com"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://found.example.com/v1/things?x=1&y=2#z",
                "urn:found:by-urn",
                "plain words with spaces",
                "a+plus",
                "100%",
                "with%2Fescape",
                "ünïcödé/勤怠/🛰️",
                "../../etc/passwd",
                "'; drop table clients; --"
            })
    void an_api_is_found_by_its_identifier_encoded_once_or_twice_as_by_its_id(String identifier) {
        JsonNode api = create(Map.of("identifier", identifier));

        String once = encoded(identifier);
        assertThat(get(once)).isEqualTo(api);
        assertThat(get(encoded(once))).isEqualTo(api);
        assertThat(get(api.path("id").asString())).isEqualTo(api);
        assertThat(patch(once, Map.of("token_lifetime", 60))
                        .path("token_lifetime")
                        .asInt())
                .isEqualTo(60);
        assertThat(server.manage("DELETE", "resource-servers/" + once, null).statusCode())
                .isEqualTo(204);
        assertThat(server.manage("GET", "resource-servers/" + once, null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void go_tools_leave_the_colon_unencoded() {
        JsonNode api = create(Map.of("identifier", "https://go.example.com/v1"));

        assertThat(get("https:%2F%2Fgo.example.com%2Fv1")).isEqualTo(api);
        assertThat(get("https:%252F%252Fgo.example.com%252Fv1")).isEqualTo(api);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ffffffffffffffffffffffff", "https%3A%2F%2Fnowhere", "100%25", "%25zz", "%25ff", "%2500", "x"})
    void an_unknown_api_does_not_exist(String id) {
        assertRefused(
                server.manage("GET", "resource-servers/" + id, null),
                404,
                "The resource server does not exist",
                "inexistent_resource_server");
        assertRefused(
                server.manage("PATCH", "resource-servers/" + id, Map.of("name", "x")),
                404,
                "The resource server does not exist",
                "inexistent_resource_server");
        assertThat(server.manage("DELETE", "resource-servers/" + id, null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void lists_go_by_pages_and_the_system_api_is_first() {
        try (TestServer fresh = TestServer.start()) {
            for (int i = 0; i < 4; i++) {
                fresh.clock().advance(Duration.ofSeconds(1));
                fresh.createApi("https://" + i + ".example.com", List.of(), Map.of());
            }
            JsonNode page = fresh.managed("GET", "resource-servers?page=0&per_page=100&include_totals=true", null);
            assertThat(List.copyOf(page.propertyNames()))
                    .containsExactly("total", "start", "limit", "resource_servers");
            assertThat(page.path("total").asInt()).isEqualTo(5);
            assertThat(each(page.path("resource_servers"), "identifier"))
                    .containsExactly(
                            fresh.issuer() + "api/v2/",
                            "https://0.example.com",
                            "https://1.example.com",
                            "https://2.example.com",
                            "https://3.example.com");

            List<String> walked = new ArrayList<>();
            String from = "";
            do {
                JsonNode answer = fresh.managed("GET", "resource-servers?take=2&from=" + from, null);
                walked.addAll(each(answer.path("resource_servers"), "identifier"));
                from = answer.path("next").asString("");
                assertThat(answer.has("next")).isEqualTo(!from.isEmpty());
            } while (!from.isEmpty());
            assertThat(walked).hasSize(5).doesNotHaveDuplicates();
            assertThat(fresh.managed("GET", "resource-servers?page=9", null).toString())
                    .isEqualTo("[]");
            assertThat(fresh.managed("GET", "resource-servers?fields=identifier&per_page=1", null)
                            .toString())
                    .isEqualTo("[{\"identifier\":\"" + fresh.issuer() + "api/v2/\"}]");
        }
    }

    @Test
    void a_change_leaves_what_it_does_not_name_and_replaces_scopes_whole() {
        ObjectNode api = (ObjectNode) create(Map.of(
                "identifier",
                "https://patched.example.com",
                "name",
                "Patched",
                "scopes",
                List.of(Map.of("value", "a", "description", "first"), Map.of("value", "b")),
                "enforce_policies",
                true));
        String id = api.path("id").asString();

        JsonNode renamed = patch(id, Map.of("name", "Renamed"));
        assertThat(renamed).isEqualTo(api.put("name", "Renamed"));
        assertThat(patch(id, Map.of("scopes", List.of(Map.of("value", "c")))).path("scopes"))
                .isEqualTo(json("[{\"value\":\"c\"}]"));
        JsonNode emptied = patch(id, Map.of("scopes", List.of()));
        assertThat(emptied.path("scopes")).isEmpty();
        assertThat(patch(id, Map.of())).isEqualTo(get(id));
    }

    @Test
    void the_identifier_cannot_change() {
        String id = create(Map.of("identifier", "https://fixed.example.com"))
                .path("id")
                .asString();

        assertRefused(
                server.manage("PATCH", "resource-servers/" + id, Map.of("identifier", "https://x.example.com")),
                400,
                "Payload validation error: 'Additional properties not allowed: identifier'.",
                "invalid_body");
    }

    @Test
    void fields_that_only_auth0_acts_on_come_back_as_they_were_sent() {
        ObjectNode kept = (ObjectNode) JsonMapper.shared().readTree("""
                {
                  "allow_offline_access": true, "skip_consent_for_verifiable_first_party_clients": true,
                  "enforce_policies": true, "token_dialect": "access_token_authz", "token_lifetime_for_web": 600,
                  "consent_policy": "transactional-authorization-with-mfa",
                  "authorization_details": [{"type": "payment"}],
                  "subject_type_authorization": {"client": {"policy": "deny_all"}, "user": {"policy": "allow_all"}}
                }""");
        JsonNode api = create(Map.of("identifier", "https://kept.example.com"));
        JsonNode after = patch(api.path("id").asString(), kept);

        kept.properties()
                .forEach(member -> assertThat(after.path(member.getKey())).isEqualTo(member.getValue()));
        assertThat(patch(api.path("id").asString(), "{\"consent_policy\":null,\"authorization_details\":null}")
                        .has("consent_policy"))
                .isFalse();
    }

    @Test
    void a_thousand_scopes_are_kept_in_their_order_and_not_one_more() {
        List<Map<String, String>> thousand = IntStream.range(0, 1_000)
                .mapToObj(i -> Map.of("value", "scope:" + i, "description", "x".repeat(500)))
                .toList();
        JsonNode api = create(Map.of("identifier", "https://many.example.com", "scopes", thousand));

        assertThat(each(api.path("scopes"), "value"))
                .isEqualTo(thousand.stream().map(scope -> scope.get("value")).toList());
        assertThat(get(api.path("id").asString())).isEqualTo(api);
        List<Map<String, String>> more = new ArrayList<>(thousand);
        more.add(Map.of("value", "one more"));
        assertRefused(
                server.manage("PATCH", "resource-servers/" + api.path("id").asString(), Map.of("scopes", more)),
                400,
                "Payload validation error: 'Array is too long (1001), maximum 1000' on property scopes.",
                "invalid_body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", " a", "a\tb", "a\nb", "a\"b", "a\\b", "a\u007fb", "a\u0000b", ""})
    void a_scope_has_no_characters_that_a_scope_parameter_cannot_hold(String value) {
        HttpResponse<String> response = server.manage(
                "POST",
                "resource-servers",
                Map.of("identifier", "https://scopes.example.com", "scopes", List.of(Map.of("value", value))));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("scopes[0].value");
        assertThat(server.manage("GET", "resource-servers/" + encoded("https://scopes.example.com"), null)
                        .statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"read:x", "a/b", "https://x.example.com/scope?y=z#w", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "ü"})
    void a_scope_may_hold_any_other(String value) {
        JsonNode api = create(Map.of(
                "identifier", "https://" + encoded(value) + ".example.com", "scopes", List.of(Map.of("value", value))));

        assertThat(each(get(api.path("id").asString()).path("scopes"), "value")).containsExactly(value);
    }

    @Test
    void a_scope_is_listed_once() {
        HttpResponse<String> response = server.manage(
                "POST",
                "resource-servers",
                Map.of(
                        "identifier",
                        "https://twice.example.com",
                        "scopes",
                        List.of(Map.of("value", "a"), Map.of("value", "a"))));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("(indexes 0 and 1)' on property scopes.");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 60, 2_592_000})
    void a_token_lifetime_within_bounds_is_that_of_the_tokens(long seconds) {
        String audience = "https://life" + seconds + ".example.com";
        create(Map.of("identifier", audience, "token_lifetime", seconds));

        assertThat(token(audience).path("expires_in").asLong()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 2_592_001, Long.MAX_VALUE})
    void a_token_lifetime_out_of_bounds_is_refused(long seconds) {
        HttpResponse<String> response = server.manage(
                "POST",
                "resource-servers",
                Map.of("identifier", "https://unborn.example.com", "token_lifetime", seconds));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("Value " + seconds).contains("on property token_lifetime.");
    }

    /** A token for that API without scopes. */
    private static JsonNode token(String audience) {
        JsonNode client = server.createClient("Caller", Map.of());
        String id = client.path("client_id").asString();
        server.createGrant(id, audience, List.of());
        return json(Operator.ask(server, id, client.path("client_secret").asString(), audience));
    }

    private static JsonNode header(JsonNode token) {
        String header = token.path("access_token").asString().split("\\.", -1)[0];
        return json(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS512", "PS256", "ES256", "EdDSA"})
    void an_api_gets_tokens_of_its_algorithm_by_a_published_key_without_a_restart(String algorithm) {
        String audience = "https://" + algorithm + ".example.com";
        create(Map.of("identifier", audience, "signing_alg", algorithm));

        JsonNode header = header(token(audience));

        assertThat(header.path("alg").asString()).isEqualTo(algorithm);
        assertThat(each(json(server.get(".well-known/jwks.json")).path("keys"), "kid"))
                .contains(header.path("kid").asString());
    }

    @Test
    void a_changed_algorithm_makes_its_key_on_first_use() {
        try (TestServer fresh = TestServer.start()) {
            JsonNode api = fresh.createApi("https://changing.example.com", List.of(), Map.of());
            assertThat(fresh.managed("GET", "keys/signing", null)).hasSize(2);

            fresh.managed("PATCH", "resource-servers/" + api.path("id").asString(), Map.of("signing_alg", "ES256"));

            assertThat(each(fresh.managed("GET", "keys/signing", null), "alg"))
                    .containsExactlyInAnyOrder("RS256", "RS256", "ES256", "ES256");
        }
    }

    @Test
    void hs256_has_a_secret_that_is_made_shown_and_changed() {
        JsonNode api = create(Map.of("identifier", "https://hs.example.com", "signing_alg", "HS256"));
        String id = api.path("id").asString();
        assertThat(api.path("signing_secret").asString()).matches("[A-Za-z0-9_-]{64}");
        assertThat(get(id)).isEqualTo(api);
        assertThat(header(token("https://hs.example.com")).path("alg").asString())
                .isEqualTo("HS256");

        assertThat(patch(id, Map.of("signing_secret", "sixteen chars ok"))
                        .path("signing_secret")
                        .asString())
                .isEqualTo("sixteen chars ok");
        assertThat(patch(id, Map.of("signing_alg", "RS256")).has("signing_secret"))
                .isFalse();
        assertThat(header(token("https://hs.example.com")).path("alg").asString())
                .isEqualTo("RS256");
    }

    @Test
    void a_signing_secret_has_at_least_sixteen_characters() {
        assertRefused(
                server.manage(
                        "POST",
                        "resource-servers",
                        Map.of(
                                "identifier",
                                "https://short.example.com",
                                "signing_alg",
                                "HS256",
                                "signing_secret",
                                "fifteen chars!!")),
                400,
                "Payload validation error: 'String is too short (15 chars), minimum 16' on property signing_secret.",
                "invalid_body");
    }

    @Test
    void the_system_api_is_marked_and_cannot_be_deleted() {
        JsonNode system = system();

        assertThat(system.path("is_system").asBoolean()).isTrue();
        assertThat(system.path("name").asString()).isEqualTo("Auth0 Management API");
        for (String id : List.of(
                system.path("id").asString(), encoded(system.path("identifier").asString()))) {
            assertRefused(
                    server.manage("DELETE", "resource-servers/" + id, null),
                    400,
                    "The system API cannot be deleted",
                    "operation_not_supported");
        }
        assertThat(system()).isEqualTo(system);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "scopes", "signing_alg", "signing_secret", "token_dialect", "enforce_policies"})
    void the_system_api_takes_few_changes(String field) {
        JsonNode before = system();

        HttpResponse<String> response =
                server.manage("PATCH", "resource-servers/" + before.path("id").asString(), Map.of(field, "x"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("Additional properties not allowed: " + field);
        assertThat(system()).isEqualTo(before);
    }

    @Test
    void the_lifetime_of_management_tokens_can_be_changed() {
        String id = system().path("id").asString();

        assertThat(patch(id, Map.of("token_lifetime", 3_600))
                        .path("token_lifetime")
                        .asInt())
                .isEqualTo(3_600);
        Operator operator = Operator.with(server, "read:clients");
        assertThat(json(Operator.ask(server, operator.clientId(), operator.clientSecret()))
                        .path("expires_in")
                        .asInt())
                .isEqualTo(3_600);
        patch(id, Map.of("token_lifetime", 86_400));
    }

    @Test
    void a_deleted_api_is_gone_with_the_grants_for_it() {
        String audience = "https://gone.example.com";
        String id =
                server.createApi(audience, List.of("a"), Map.of()).path("id").asString();
        JsonNode client = server.createClient("Left behind", Map.of());
        String clientId = client.path("client_id").asString();
        String secret = client.path("client_secret").asString();
        String grant =
                server.createGrant(clientId, audience, List.of("a")).path("id").asString();
        assertThat(Operator.ask(server, clientId, secret, audience).statusCode())
                .isEqualTo(200);

        assertThat(server.manage("DELETE", "resource-servers/" + id, null).statusCode())
                .isEqualTo(204);

        assertThat(server.manage("GET", "client-grants/" + grant, null).statusCode())
                .isEqualTo(404);
        assertThat(Operator.ask(server, clientId, secret, audience).statusCode())
                .isEqualTo(403);
        server.createApi(audience, List.of("a"), Map.of());
        assertThat(Operator.ask(server, clientId, secret, audience).statusCode())
                .isEqualTo(403);
    }

    @Test
    void an_api_whose_identifier_becomes_the_system_apis_does_not_stand_for_it(@TempDir Path folder)
            throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String later = "http://127.0.0.1:" + free + "/api/v2/";
        MutableClock clock = new MutableClock(TestServer.START);
        String secret;
        String id;
        try (TestServer before = TestServer.startOn(folder, Map.of(), clock)) {
            before.createApi(later, List.of("read:clients"), Map.of());
            JsonNode client = before.createClient("Ambitious", Map.of());
            id = client.path("client_id").asString();
            secret = client.path("client_secret").asString();
            before.createGrant(id, later, List.of("read:clients"));
        }
        try (TestServer after = TestServer.startOn(folder, Map.of("JETON_PORT", String.valueOf(free)), clock)) {
            assertThat(after.issuer() + "api/v2/").isEqualTo(later);
            assertThat(Operator.ask(after, id, secret).statusCode()).isEqualTo(403);
            assertThat(after.manage("GET", "clients", null).statusCode()).isEqualTo(200);
            assertThat(after.managed("GET", "resource-servers/" + encoded(later), null)
                            .path("is_system")
                            .asBoolean())
                    .isTrue();
        }
    }
}
