package dev.jeton.client;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ClientRoutesTest {
    private static final String API = "https://clients.example.com/";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.createApi(API, List.of("read:x"), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String newClient(Map<String, ?> more) {
        return server.createClient("Some client", more).path("client_id").asString();
    }

    private static JsonNode get(String id) {
        return server.managed("GET", "clients/" + id, null);
    }

    private static JsonNode patch(String id, Object body) {
        return server.managed("PATCH", "clients/" + id, body);
    }

    @Test
    void a_client_is_created_with_an_id_and_a_secret_in_auth0s_formats() {
        HttpResponse<String> response =
                server.manage("POST", "clients", Map.of("name", "Billing worker", "app_type", "non_interactive"));

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode client = json(response);
        assertThat(client.path("client_id").asString()).matches("[A-Za-z0-9]{32}");
        assertThat(client.path("client_secret").asString()).matches("[A-Za-z0-9_-]{64}");
        assertThat(client.path("name").asString()).isEqualTo("Billing worker");
        assertThat(client.path("global").asBoolean()).isFalse();
        assertThat(client.path("tenant").asString()).isEqualTo("127.0.0.1");
        assertThat(client.path("grant_types").toString())
                .isEqualTo("[\"authorization_code\",\"implicit\",\"refresh_token\",\"client_credentials\"]");
        assertThat(client.has("token_endpoint_auth_method")).isFalse();
        assertThat(client.has("description")).isFalse();
        ObjectNode read = (ObjectNode) get(client.path("client_id").asString());
        assertThat(read).isEqualTo(((ObjectNode) client).without("encrypted"));
    }

    @Test
    void a_client_may_bring_its_own_secret() {
        String secret = "a+secret/with=signs that somebody brought along: ünïcödé";
        JsonNode client = server.createClient("Migrated", Map.of("client_secret", secret));

        assertThat(client.path("client_secret").asString()).isEqualTo(secret);
        assertThat(Operator.ask(server, client.path("client_id").asString(), secret, API)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void names_need_not_be_unique_and_may_be_in_any_script() {
        String name = "Çalışan — 勤怠 “job” 🛰️ 'quoted' \\ / \" ؀";
        String one = server.createClient(name, Map.of()).path("client_id").asString();
        String two = server.createClient(name, Map.of()).path("client_id").asString();

        assertThat(one).isNotEqualTo(two);
        assertThat(get(one).path("name").asString()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a<b", "a>b", "<script>alert(1)</script>"})
    void a_name_has_no_angle_brackets(String name) {
        assertRefused(
                server.manage("POST", "clients", Map.of("name", name)),
                400,
                "Payload validation error: 'String does not match pattern ^[^<>]+$: " + name + "' on property name.",
                "invalid_body");
    }

    @Test
    void a_name_is_required() {
        assertRefused(
                server.manage("POST", "clients", Map.of("app_type", "spa")),
                400,
                "Payload validation error: 'Missing required property: name'.",
                "invalid_body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "foo", "global", "tenant"})
    void an_unknown_field_is_refused_and_named(String field) {
        assertRefused(
                server.manage("POST", "clients", Map.of("name", "x", field, "x")),
                400,
                "Payload validation error: 'Additional properties not allowed: " + field + "'.",
                "invalid_body");
    }

    @Test
    void lists_go_by_pages_with_exact_totals() {
        try (TestServer fresh = TestServer.start()) {
            List<String> ids = new ArrayList<>(each(fresh.managed("GET", "clients", null), "client_id"));
            for (int i = 0; i < 6; i++) {
                ids.add(fresh.createClient("Client " + i, Map.of())
                        .path("client_id")
                        .asString());
            }
            assertThat(ids).hasSize(7);

            List<String> seen = new ArrayList<>();
            for (int page = 0; page < 4; page++) {
                JsonNode answer = fresh.managed("GET", "clients?per_page=3&include_totals=true&page=" + page, null);
                assertThat(List.copyOf(answer.propertyNames())).containsExactly("total", "start", "limit", "clients");
                assertThat(answer.path("total").asInt()).isEqualTo(7);
                assertThat(answer.path("start").asInt()).isEqualTo(page * 3);
                assertThat(answer.path("limit").asInt()).isEqualTo(3);
                seen.addAll(each(answer.path("clients"), "client_id"));
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);

            List<String> walked = new ArrayList<>();
            String from = "";
            int pages = 0;
            do {
                JsonNode answer = fresh.managed("GET", "clients?include_totals=true&take=3&from=" + from, null);
                walked.addAll(each(answer.path("clients"), "client_id"));
                from = answer.path("next").asString("");
                assertThat(answer.has("next")).isEqualTo(!from.isEmpty());
                assertThat(answer.has("total")).isFalse();
                pages++;
            } while (!from.isEmpty());
            assertThat(pages).isEqualTo(3);
            assertThat(walked).containsExactlyInAnyOrderElementsOf(ids);

            JsonNode exactlyFull = fresh.managed("GET", "clients?take=7", null);
            assertThat(exactlyFull.path("clients")).hasSize(7);
            assertThat(exactlyFull.has("next")).isFalse();
        }
    }

    @Test
    void a_page_past_the_end_is_an_empty_list() {
        assertThat(server.managed("GET", "clients?page=1000&per_page=100", null).toString())
                .isEqualTo("[]");
        assertThat(server.managed("GET", "clients?page=1000000&per_page=100&include_totals=true", null)
                        .path("clients")
                        .toString())
                .isEqualTo("[]");
        assertThat(server.managed("GET", "clients?take=5&from=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", null)
                        .toString())
                .isEqualTo("{\"clients\":[]}");
        assertThat(server.managed("GET", "clients?per_page=0", null).toString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page=-1",
                "page=x",
                "page=",
                "page=99999999999",
                "per_page=101",
                "per_page=-1",
                "per_page=1.5",
                "take=0",
                "take=101",
                "take=NaN"
            })
    void a_page_that_cannot_be_is_refused_and_named(String query) {
        HttpResponse<String> response = server.manage("GET", "clients?" + query, null);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response))
                .startsWith("Query validation error: '")
                .contains("on property " + query.substring(0, query.indexOf('=')));
        assertThat(json(response).path("errorCode").asString()).isEqualTo("invalid_query_string");
    }

    @Test
    void fields_keep_or_drop_what_they_name() {
        String id = newClient(Map.of("description", "d"));

        assertThat(List.copyOf(server.managed("GET", "clients/" + id + "?fields=client_id,name", null)
                        .propertyNames()))
                .containsExactlyInAnyOrder("client_id", "name");
        JsonNode without =
                server.managed("GET", "clients/" + id + "?fields=client_secret,name&include_fields=false", null);
        assertThat(without.has("client_secret")).isFalse();
        assertThat(without.has("name")).isFalse();
        assertThat(without.has("description")).isTrue();
        server.managed("GET", "clients?fields=client_id&include_fields=true", null)
                .forEach(client ->
                        assertThat(List.copyOf(client.propertyNames())).containsExactly("client_id"));
        assertThat(server.managed("GET", "clients/" + id + "?fields=no_such_field", null)
                        .toString())
                .isEqualTo("{}");
    }

    @Test
    void a_change_leaves_what_it_does_not_name() {
        String id = newClient(Map.of(
                "description",
                "before",
                "callbacks",
                List.of("https://a.example.com"),
                "token_endpoint_auth_method",
                "client_secret_post"));
        ObjectNode before = (ObjectNode) get(id);

        JsonNode after = patch(id, Map.of("description", "after"));

        assertThat(after).isEqualTo(before.put("description", "after"));
        assertThat(get(id)).isEqualTo(after);
    }

    @Test
    void null_removes_a_field_that_can_be_absent() {
        String id =
                newClient(Map.of("token_endpoint_auth_method", "client_secret_basic", "organization_usage", "deny"));

        JsonNode after = patch(id, "{\"token_endpoint_auth_method\":null,\"organization_usage\":null}");

        assertThat(after.has("token_endpoint_auth_method")).isFalse();
        assertThat(after.has("organization_usage")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"name", "description", "grant_types", "app_type", "client_secret", "client_metadata", "callbacks"
            })
    void null_is_refused_for_a_field_that_cannot_be_absent(String field) {
        String id = newClient(Map.of());
        JsonNode before = get(id);

        HttpResponse<String> response = server.manage("PATCH", "clients/" + id, "{\"" + field + "\":null}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("but found type null' on property " + field);
        assertThat(get(id)).isEqualTo(before);
    }

    @Test
    void metadata_is_merged_key_by_key() {
        String id = newClient(Map.of("client_metadata", Map.of("foo", "1", "bar", "2")));

        assertThat(patch(id, "{\"client_metadata\":{\"bar\":null,\"baz\":\"3\"}}")
                        .path("client_metadata"))
                .isEqualTo(json("{\"foo\":\"1\",\"baz\":\"3\"}"));
        assertThat(patch(id, "{\"client_metadata\":{}}").path("client_metadata"))
                .isEqualTo(json("{\"foo\":\"1\",\"baz\":\"3\"}"));
        assertThat(patch(id, "{\"client_metadata\":{\"foo\":null,\"baz\":null,\"never\":null}}")
                        .path("client_metadata"))
                .isEqualTo(json("{}"));
    }

    @Test
    void metadata_has_at_most_ten_keys_after_the_merge() {
        Map<String, String> ten = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            ten.put("key" + i, "x".repeat(255));
        }
        String id = newClient(Map.of("client_metadata", ten));

        assertRefused(
                server.manage("PATCH", "clients/" + id, Map.of("client_metadata", Map.of("eleventh", "x"))),
                400,
                "Payload validation error: 'Too many properties defined (11), maximum 10' on property client_metadata.",
                "invalid_body");
        assertThat(patch(id, "{\"client_metadata\":{\"key0\":null,\"eleventh\":\"x\"}}")
                        .path("client_metadata"))
                .hasSize(10);
    }

    @Test
    void fields_that_only_auth0_acts_on_come_back_as_they_were_sent() {
        ObjectNode kept = (ObjectNode) JsonMapper.shared().readTree("""
                {
                  "callbacks": ["https://a.example.com/cb", "https://{organization_name}.example.com"],
                  "allowed_origins": [], "web_origins": ["http://localhost:3000"],
                  "jwt_configuration": {"alg": "RS256", "lifetime_in_seconds": 36000, "scopes": {},
                                        "secret_encoded": true},
                  "refresh_token": {"rotation_type": "rotating", "expiration_type": "expiring", "leeway": 0,
                                    "policies": [{"audience": "https://x", "scope": ["a", "b"]}]},
                  "oidc_conformant": true, "is_first_party": true, "logo_uri": "",
                  "native_social_login": {"apple": {"enabled": false}},
                  "addons": {"samlp": {"mappings": {"email": "mail"}, "nested": [1, 2.5, null, true, "ü"]}},
                  "par_request_expiry": 60, "organization_usage": "deny", "compliance_level": "none"
                }""");
        ObjectNode body = kept.deepCopy().put("name", "Round trip");

        JsonNode created = server.managed("POST", "clients", body);
        JsonNode read = get(created.path("client_id").asString());

        kept.properties()
                .forEach(member -> assertThat(read.path(member.getKey())).isEqualTo(member.getValue()));
        assertThat(patch(created.path("client_id").asString(), kept)).isEqualTo(read);
    }

    @Test
    void nested_objects_are_replaced_not_merged() {
        String id = newClient(Map.of("jwt_configuration", Map.of("alg", "RS256", "lifetime_in_seconds", 10)));

        assertThat(patch(id, Map.of("jwt_configuration", Map.of("alg", "PS256")))
                        .path("jwt_configuration"))
                .isEqualTo(json("{\"alg\":\"PS256\",\"secret_encoded\":false}"));
    }

    @Test
    void a_client_without_a_secret_cannot_use_client_credentials() {
        HttpResponse<String> response = server.manage(
                "POST",
                "clients",
                Map.of(
                        "name", "x",
                        "token_endpoint_auth_method", "none",
                        "grant_types", List.of("client_credentials")));

        assertRefused(response, 400, "Invalid grant types: client_credentials", "invalid_body");
        String id = newClient(Map.of());
        for (String body : List.of(
                "{\"token_endpoint_auth_method\":\"none\"}",
                "{\"token_endpoint_auth_method\":\"none\",\"grant_types\":[\"client_credentials\"]}")) {
            assertRefused(
                    server.manage("PATCH", "clients/" + id, body),
                    400,
                    "Invalid grant types: client_credentials",
                    "invalid_body");
        }
    }

    @Test
    void a_new_secret_is_right_at_once_and_the_old_one_wrong() {
        JsonNode client = server.createClient("Rotating", Map.of());
        String id = client.path("client_id").asString();
        server.createGrant(id, API, List.of("read:x"));
        String old = client.path("client_secret").asString();

        HttpResponse<String> response = server.manage("POST", "clients/" + id + "/rotate-secret", null);

        assertThat(response.statusCode()).isEqualTo(200);
        String fresh = json(response).path("client_secret").asString();
        assertThat(fresh).matches("[A-Za-z0-9_-]{64}").isNotEqualTo(old);
        assertThat(json(response)).isEqualTo(get(id));
        assertThat(Operator.ask(server, id, old, API).statusCode()).isEqualTo(401);
        assertThat(Operator.ask(server, id, fresh, API).statusCode()).isEqualTo(200);
    }

    @Test
    void a_secret_set_by_a_change_is_right_at_once() {
        JsonNode client = server.createClient("Setting", Map.of());
        String id = client.path("client_id").asString();
        server.createGrant(id, API, List.of("read:x"));

        assertThat(patch(id, Map.of("client_secret", "brought along"))
                        .path("client_secret")
                        .asString())
                .isEqualTo("brought along");
        assertThat(Operator.ask(server, id, client.path("client_secret").asString(), API)
                        .statusCode())
                .isEqualTo(401);
        assertThat(Operator.ask(server, id, "brought along", API).statusCode()).isEqualTo(200);
    }

    @Test
    void who_may_only_update_clients_cannot_set_a_secret() {
        String id = newClient(Map.of());

        assertRefused(
                Operator.with(server, "update:clients").call("PATCH", "clients/" + id, Map.of("client_secret", "mine")),
                403,
                "Insufficient scope, expected any of: update:client_keys",
                "insufficient_scope");
    }

    @Test
    void the_summary_scope_shows_four_fields() {
        String id = newClient(Map.of("description", "d", "callbacks", List.of()));

        JsonNode seen = json(Operator.with(server, "read:client_summary").call("GET", "clients/" + id, null));

        assertThat(List.copyOf(seen.propertyNames()))
                .containsExactlyInAnyOrder("name", "client_id", "description", "app_type");
    }

    @Test
    void the_secret_is_shown_to_those_who_may_read_keys() {
        String id = newClient(Map.of());
        Map<String, Boolean> shown = Map.of(
                "read:clients", false,
                "read:client_summary", false,
                "read:client_keys", true,
                "read:client_credentials", true);

        shown.forEach((scope, secret) -> {
            Operator operator = Operator.with(server, scope);
            assertThat(json(operator.call("GET", "clients/" + id, null)).has("client_secret"))
                    .as(scope)
                    .isEqualTo(secret);
            HttpResponse<String> named = operator.call("GET", "clients/" + id + "?fields=client_secret", null);
            assertThat(named.statusCode()).as(scope).isEqualTo(secret ? 200 : 403);
        });
        assertRefused(
                Operator.with(server, "read:clients").call("GET", "clients?fields=client_secret", null),
                403,
                "Insufficient scope, expected any of: read:client_keys,read:client_credentials",
                "insufficient_scope");
    }

    @Test
    void a_secret_that_is_not_kept_readable_is_shown_once() {
        try (TestServer digestsOnly = TestServer.start(Map.of("JETON_SECRETS_REVEAL", "false"))) {
            JsonNode client = digestsOnly.createClient("Once", Map.of());
            String id = client.path("client_id").asString();

            assertThat(client.path("client_secret").asString()).hasSize(64);
            assertThat(digestsOnly.managed("GET", "clients/" + id, null).has("client_secret"))
                    .isFalse();
            assertThat(digestsOnly
                            .managed("POST", "clients/" + id + "/rotate-secret", null)
                            .path("client_secret")
                            .asString())
                    .hasSize(64);
        }
    }

    @Test
    void an_unknown_client_does_not_exist() {
        String unknown = "x".repeat(32);
        for (String path : List.of("clients/" + unknown, "clients/" + "y".repeat(500), "clients/%27%20or%201=1--")) {
            assertRefused(server.manage("GET", path, null), 404, "The client does not exist", "inexistent_client");
            assertRefused(
                    server.manage("PATCH", path, Map.of("name", "x")),
                    404,
                    "The client does not exist",
                    "inexistent_client");
            assertRefused(
                    server.manage("POST", path + "/rotate-secret", null),
                    404,
                    "The client does not exist",
                    "inexistent_client");
            assertThat(server.manage("DELETE", path, null).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void a_deleted_client_is_gone_with_its_grants_and_its_secret() {
        JsonNode client = server.createClient("Short-lived", Map.of());
        String id = client.path("client_id").asString();
        String grant = server.createGrant(id, API, List.of("read:x")).path("id").asString();
        assertThat(Operator.ask(server, id, client.path("client_secret").asString(), API)
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> response = server.manage("DELETE", "clients/" + id, null);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(server.manage("GET", "clients/" + id, null).statusCode()).isEqualTo(404);
        assertThat(server.manage("GET", "client-grants/" + grant, null).statusCode())
                .isEqualTo(404);
        assertThat(Operator.ask(server, id, client.path("client_secret").asString(), API)
                        .statusCode())
                .isEqualTo(401);
        assertThat(server.manage("DELETE", "clients/" + id, null).statusCode()).isEqualTo(204);
    }
}
