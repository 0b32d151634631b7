package dev.jeton.clientgrant;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClientGrantRoutesTest {
    private static final String API = "https://grants.example.com/";

    private static TestServer server;

    private String client = "";
    private String secret = "";

    @BeforeAll
    static void start() {
        server = TestServer.start();
        server.createApi(API, List.of("a", "b", "c"), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void a_client_without_grants() {
        JsonNode made = server.createClient("Grantee", Map.of());
        client = made.path("client_id").asString();
        secret = made.path("client_secret").asString();
    }

    private HttpResponse<String> post(Map<String, ?> body) {
        return server.manage("POST", "client-grants", body);
    }

    private String tokenScope() {
        return json(Operator.ask(server, client, secret, API)).path("scope").asString("");
    }

    @Test
    void a_grant_is_created_as_auth0_answers_it() {
        HttpResponse<String> response = post(Map.of("client_id", client, "audience", API, "scope", List.of("b", "a")));

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode grant = json(response);
        String id = grant.path("id").asString();
        assertThat(id).matches("cgr_[A-Za-z0-9]{16}");
        assertThat(grant)
                .isEqualTo(json("{\"id\":\"" + id + "\",\"client_id\":\"" + client + "\",\"audience\":\"" + API
                        + "\",\"scope\":[\"b\",\"a\"],\"subject_type\":\"client\"}"));
        assertThat(server.managed("GET", "client-grants/" + id, null)).isEqualTo(grant);
        assertThat(tokenScope()).isEqualTo("b a");
    }

    @Test
    void a_grant_without_scopes_has_none() {
        assertThat(json(post(Map.of("client_id", client, "audience", API)))
                        .path("scope")
                        .toString())
                .isEqualTo("[]");
        assertThat(Operator.ask(server, client, secret, API).statusCode()).isEqualTo(200);
    }

    @Test
    void a_second_grant_for_the_same_client_and_api_is_a_conflict() {
        server.createGrant(client, API, List.of("a"));

        HttpResponse<String> response = post(Map.of("client_id", client, "audience", API, "scope", List.of("b")));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(message(response)).contains("client_grant already exists");
        assertThat(json(response).path("errorCode").asString()).isEqualTo("client_grant_conflict");
        assertThat(tokenScope()).isEqualTo("a");
    }

    @Test
    void a_grant_for_users_stands_beside_that_for_the_client_and_gives_it_nothing() {
        assertThat(post(Map.of("client_id", client, "audience", API, "scope", List.of("c"), "subject_type", "user"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(Operator.ask(server, client, secret, API).statusCode()).isEqualTo(403);

        server.createGrant(client, API, List.of("a"));
        assertThat(tokenScope()).isEqualTo("a");
    }

    @Test
    void a_client_and_an_api_that_are_unknown_are_named() {
        assertRefused(
                post(Map.of("client_id", client, "audience", "https://nowhere.example.com/")),
                404,
                "No resource with identifier https://nowhere.example.com/",
                "inexistent_resource_server");
        assertRefused(
                post(Map.of("client_id", "nobody", "audience", API)),
                404,
                "The client does not exist",
                "inexistent_client");
    }

    @Test
    void a_change_replaces_the_scopes_and_is_in_force_at_once() {
        String id =
                server.createGrant(client, API, List.of("a", "b")).path("id").asString();

        JsonNode changed = server.managed("PATCH", "client-grants/" + id, Map.of("scope", List.of("c")));

        assertThat(texts(changed.path("scope"))).containsExactly("c");
        assertThat(changed.path("client_id").asString()).isEqualTo(client);
        assertThat(tokenScope()).isEqualTo("c");
        server.managed("PATCH", "client-grants/" + id, Map.of("scope", List.of()));
        assertThat(tokenScope()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "audience", "subject_type", "id", "is_system", "default_for"})
    void what_a_grant_is_for_cannot_change(String field) {
        String id = server.createGrant(client, API, List.of("a")).path("id").asString();

        assertRefused(
                server.manage("PATCH", "client-grants/" + id, Map.of(field, "x")),
                400,
                "Payload validation error: 'Additional properties not allowed: " + field + "'.",
                "invalid_body");
    }

    @Test
    void fields_that_only_auth0_acts_on_come_back_as_they_were_sent() {
        String id = json(post(Map.of(
                        "client_id",
                        client,
                        "audience",
                        API,
                        "organization_usage",
                        "allow",
                        "allow_any_organization",
                        true)))
                .path("id")
                .asString();

        JsonNode grant = server.managed("GET", "client-grants/" + id, null);
        assertThat(grant.path("organization_usage").asString()).isEqualTo("allow");
        assertThat(grant.path("allow_any_organization").asBoolean()).isTrue();
        assertThat(server.managed("PATCH", "client-grants/" + id, "{\"organization_usage\":null}")
                        .has("organization_usage"))
                .isFalse();
    }

    @Test
    void a_deleted_grant_gives_no_more_tokens() {
        String id = server.createGrant(client, API, List.of("a")).path("id").asString();
        assertThat(Operator.ask(server, client, secret, API).statusCode()).isEqualTo(200);

        assertThat(server.manage("DELETE", "client-grants/" + id, null).statusCode())
                .isEqualTo(204);

        assertThat(Operator.ask(server, client, secret, API).statusCode()).isEqualTo(403);
        assertThat(server.manage("DELETE", "client-grants/" + id, null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void an_unknown_grant_does_not_exist() {
        for (String id : List.of("cgr_0000000000000000", "x".repeat(2_000), "%27%20or%201=1--")) {
            assertRefused(
                    server.manage("GET", "client-grants/" + id, null),
                    404,
                    "The grant does not exist.",
                    "inexistent_client_grant");
            assertRefused(
                    server.manage("PATCH", "client-grants/" + id, Map.of("scope", List.of())),
                    404,
                    "The grant does not exist.",
                    "inexistent_client_grant");
            assertThat(server.manage("DELETE", "client-grants/" + id, null).statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void lists_are_filtered_by_client_and_api() {
        String id = server.createGrant(client, API, List.of("a")).path("id").asString();
        String audience = URLEncoder.encode(API, StandardCharsets.UTF_8);

        assertThat(each(server.managed("GET", "client-grants?client_id=" + client, null), "id"))
                .containsExactly(id);
        assertThat(each(
                        server.managed("GET", "client-grants?audience=" + audience + "&client_id=" + client, null),
                        "id"))
                .containsExactly(id);
        assertThat(each(server.managed("GET", "client-grants?per_page=100&audience=" + audience, null), "audience"))
                .containsOnly(API);
        for (String nothing : List.of(
                "audience=https%3A%2F%2Fnowhere",
                "client_id=nobody",
                "client_id=" + "x".repeat(200),
                "audience=" + "x".repeat(700),
                "client_id=%27%20or%201=1--")) {
            assertThat(server.managed("GET", "client-grants?include_totals=true&" + nothing, null)
                            .toString())
                    .isEqualTo("{\"total\":0,\"start\":0,\"limit\":50,\"client_grants\":[]}");
            assertThat(server.managed("GET", "client-grants?take=50&" + nothing, null)
                            .toString())
                    .isEqualTo("{\"client_grants\":[]}");
        }
    }

    @Test
    void a_filtered_list_is_walked_by_checkpoint() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String audience = "https://walk" + i + "." + client + ".example.com";
            server.createApi(audience, List.of(), Map.of());
            made.add(server.createGrant(client, audience, List.of()).path("id").asString());
        }
        List<String> walked = new ArrayList<>();
        String from = "";
        int pages = 0;
        do {
            JsonNode answer = server.managed(
                    "GET", "client-grants?include_totals=true&take=2&client_id=" + client + "&from=" + from, null);
            walked.addAll(each(answer.path("client_grants"), "id"));
            from = answer.path("next").asString("");
            assertThat(answer.has("next")).isEqualTo(!from.isEmpty());
            pages++;
        } while (!from.isEmpty());

        assertThat(pages).isEqualTo(3);
        assertThat(walked).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void a_grant_holds_a_thousand_scopes_and_not_one_more() {
        List<String> thousand =
                IntStream.range(0, 1_000).mapToObj(i -> "scope:" + i).toList();
        assertThat(texts(json(post(Map.of("client_id", client, "audience", API, "scope", thousand)))
                        .path("scope")))
                .isEqualTo(thousand);
        List<String> more = new ArrayList<>(thousand);
        more.add("another");

        HttpResponse<String> response =
                server.manage("POST", "client-grants", Map.of("client_id", client, "audience", API, "scope", more));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("Array is too long (1001), maximum 1000' on property scope.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\nb", "a\"b", "a\\b", "a\tb", ""})
    void a_scope_has_no_characters_that_a_scope_parameter_cannot_hold(String scope) {
        HttpResponse<String> response =
                post(Map.of("client_id", client, "audience", API, "scope", List.of("a", scope)));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains("on property scope[1].");
    }
}
