package dev.jeton.clientgrant;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.IfMatch;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every field of a grant: what it may be, and what it grants. */
class ClientGrantFieldsTest {
    private static TestServer server;
    private static int made;

    private String audience = "";
    private String api = "";
    private JsonNode client = json("{}");

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void an_api_and_a_client_without_a_grant() {
        audience = "https://grants" + made++ + ".example.com";
        api = server.createApi(audience, List.of("a", "b"), Map.of()).path("id").asString();
        client = server.createClient("Grantee", Map.of());
    }

    private String clientId() {
        return client.path("client_id").asString();
    }

    private HttpResponse<String> post(String more) {
        return server.manage(
                "POST",
                "client-grants",
                "{\"client_id\":\"" + clientId() + "\",\"audience\":\"" + audience + "\"" + more + "}");
    }

    private HttpResponse<String> postDefault(String more) {
        return server.manage(
                "POST",
                "client-grants",
                "{\"default_for\":\"third_party_clients\",\"audience\":\"" + audience + "\"" + more + "}");
    }

    private static String id(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return json(created).path("id").asString();
    }

    private static JsonNode get(String id) {
        return server.managed("GET", "client-grants/" + id, null);
    }

    private static JsonNode patch(String id, String body) {
        JsonNode answer = server.managed("PATCH", "client-grants/" + id, body);
        assertThat(answer).isEqualTo(get(id));
        return answer;
    }

    private String tokenScope() {
        return json(server.token(client, audience)).path("scope").asString("");
    }

    @Test
    void a_grant_of_all_scopes_follows_those_of_the_api() {
        String id = id(post(",\"allow_all_scopes\":true"));
        assertThat(get(id).toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"client_id\":\"" + clientId() + "\",\"audience\":\"" + audience
                        + "\",\"subject_type\":\"client\",\"allow_all_scopes\":true}");
        assertThat(tokenScope()).isEqualTo("a b");

        server.managed("PATCH", "resource-servers/" + api, "{\"scopes\":[{\"value\":\"c\"},{\"value\":\"a\"}]}");
        assertThat(tokenScope()).isEqualTo("c a");
        server.managed("PATCH", "resource-servers/" + api, "{\"scopes\":[]}");
        assertThat(server.token(client, audience).statusCode()).isEqualTo(200);
        assertThat(tokenScope()).isEmpty();
    }

    @Test
    void a_scope_that_the_api_has_not_is_not_among_all() {
        id(post(",\"allow_all_scopes\":true"));

        HttpResponse<String> response = server.token(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                clientId(),
                "client_secret",
                client.path("client_secret").asString(),
                "audience",
                audience,
                "scope",
                "a z"));

        assertThat(response.body()).contains("Client has not been granted scopes: z");
    }

    @Test
    void terraform_goes_to_all_scopes_and_back() {
        String id = id(post(",\"scope\":[\"a\"]"));
        assertThat(patch(id, "{\"allow_all_scopes\":true}").has("scope")).isFalse();
        assertThat(tokenScope()).isEqualTo("a b");

        JsonNode back = patch(id, "{\"allow_all_scopes\":false,\"scope\":[]}");
        assertThat(back.has("allow_all_scopes")).isFalse();
        assertThat(back.path("scope").toString()).isEqualTo("[]");
        assertThat(tokenScope()).isEmpty();
        assertThat(texts(patch(id, "{\"scope\":[\"b\"]}").path("scope"))).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"allow_all_scopes\":false}", "{\"allow_all_scopes\":null}"})
    void who_takes_all_scopes_away_gets_none_back_from_before(String body) {
        String id = id(post(",\"scope\":[\"a\"]"));
        patch(id, "{\"allow_all_scopes\":true}");

        assertThat(patch(id, body).path("scope").toString()).isEqualTo("[]");
    }

    @Test
    void all_scopes_and_some_exclude_each_other() {
        String text = "Payload validation error: 'A grant of all scopes lists none' on property scope.";
        assertRefused(post(",\"allow_all_scopes\":true,\"scope\":[\"a\"]"), 400, text, "invalid_body");
        String id = id(post(",\"allow_all_scopes\":true,\"scope\":[]"));

        for (String body :
                List.of("{\"scope\":[\"a\"]}", "{\"scope\":[]}", "{\"allow_all_scopes\":true,\"scope\":[\"a\"]}")) {
            assertRefused(server.manage("PATCH", "client-grants/" + id, body), 400, text, "invalid_body");
        }
    }

    @Test
    void a_default_of_third_party_clients_is_kept_and_gives_nobody_anything() {
        String id = id(postDefault(",\"scope\":[\"a\"]"));
        assertThat(get(id).toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"default_for\":\"third_party_clients\",\"audience\":\"" + audience
                        + "\",\"scope\":[\"a\"],\"subject_type\":\"client\"}");
        assertThat(server.token(client, audience).statusCode()).isEqualTo(403);
        server.managed("PATCH", "clients/" + clientId(), Map.of("is_first_party", false));
        assertThat(server.token(client, audience).statusCode()).isEqualTo(403);

        assertThat(texts(patch(id, "{\"scope\":[\"b\"]}").path("scope"))).containsExactly("b");
        assertRefused(
                postDefault(""),
                409,
                "A client_grant already exists for this default and audience: update it",
                "client_grant_conflict");
        id(postDefault(",\"subject_type\":\"user\""));
        assertThat(server.manage("DELETE", "client-grants/" + id, null).statusCode())
                .isEqualTo(204);
        id(postDefault(""));
    }

    @Test
    void a_grant_has_one_holder() {
        assertRefused(
                post(",\"default_for\":\"third_party_clients\""),
                400,
                "Payload validation error: 'A grant has either client_id or default_for' on property default_for.",
                "invalid_body");
        assertRefused(
                server.manage("POST", "client-grants", Map.of("audience", audience)),
                400,
                "Payload validation error: 'Missing required property: client_id'.",
                "invalid_body");
    }

    @Test
    void a_change_changes_something() {
        String id = id(post(""));

        assertRefused(
                server.manage("PATCH", "client-grants/" + id, Map.of()),
                400,
                "Payload validation error: 'Too few properties defined (0), minimum 1'.",
                "invalid_body");
    }

    @Test
    void null_empties_what_auth0_lets_it_empty() {
        String id = id(post(",\"scope\":[\"a\"],\"organization_usage\":\"allow\",\"allow_any_organization\":true"));

        JsonNode emptied = patch(
                id,
                "{\"scope\":null,\"organization_usage\":null,\"allow_any_organization\":null,\"allow_all_scopes\":null}");

        assertThat(emptied.toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"client_id\":\"" + clientId() + "\",\"audience\":\"" + audience
                        + "\",\"scope\":[],\"subject_type\":\"client\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
                    "scope":null                               | Expected type array but found type null | scope
                    "scope":["a","b","a"]                      | Array items are not unique (indexes 0 and 2) | scope
                    "organization_usage":null                  | Expected type string but found type null | organization_usage
                    "organization_usage":"maybe"               | No enum match for: maybe | organization_usage
                    "allow_any_organization":"true"            | Expected type boolean but found type string | allow_any_organization
                    "default_for":"first_party_clients"        | No enum match for: first_party_clients | default_for
                    "subject_type":"app"                       | No enum match for: app | subject_type
                    "authorization_details_types":[""]         | String is too short (0 chars), minimum 1 | authorization_details_types[0]
                    "authorization_details_types":["payment"]  | Only a grant with subject_type user has authorization_details_types | authorization_details_types
                    """)
    void what_does_not_fit_is_refused_with_its_path(String field, String detail, String path) {
        assertRefused(
                post("," + field),
                400,
                "Payload validation error: '" + detail + "' on property " + path + ".",
                "invalid_body");
        assertThat(server.managed("GET", "client-grants?client_id=" + clientId(), null))
                .isEmpty();
    }

    @Test
    void types_of_authorization_details_are_for_users() {
        String id = id(post(",\"subject_type\":\"user\",\"authorization_details_types\":[\"payment\"]"));
        assertThat(texts(get(id).path("authorization_details_types"))).containsExactly("payment");
        String ofClient = id(post(",\"authorization_details_types\":[]"));

        assertThat(server.manage("PATCH", "client-grants/" + ofClient, "{\"authorization_details_types\":[\"x\"]}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_client_of_type_express_configuration_is_granted_nothing() {
        client = server.createClient("Express", Map.of("app_type", "express_configuration"));

        assertRefused(post(""), 400, "Client of type express_configuration cannot be used", "validation_error");
    }

    @Test
    void lists_are_filtered_by_what_is_asked_for() {
        String plain = id(post(""));
        String ofUsers = id(post(",\"subject_type\":\"user\",\"allow_any_organization\":true"));
        String byDefault = id(postDefault(""));
        String all = "client-grants?audience=" + URLEncoder.encode(audience, StandardCharsets.UTF_8);

        assertThat(each(server.managed("GET", all, null), "id")).containsExactlyInAnyOrder(plain, ofUsers, byDefault);
        assertThat(each(server.managed("GET", all + "&subject_type=user", null), "id"))
                .containsExactly(ofUsers);
        assertThat(each(server.managed("GET", all + "&allow_any_organization=true", null), "id"))
                .containsExactly(ofUsers);
        assertThat(each(server.managed("GET", all + "&allow_any_organization=false&subject_type=client", null), "id"))
                .containsExactlyInAnyOrder(plain, byDefault);
        assertThat(each(server.managed("GET", all + "&default_for=third_party_clients", null), "id"))
                .containsExactly(byDefault);
        assertThat(server.managed("GET", all + "&default_for=third_party_clients&include_totals=true", null)
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(each(
                        server.managed("GET", all + "&client_id=" + clientId() + "&subject_type=client&take=50", null)
                                .path("client_grants"),
                        "id"))
                .containsExactly(plain);
        for (String wrong : List.of("subject_type=app", "default_for=x", "allow_any_organization=1")) {
            HttpResponse<String> response = server.manage("GET", all + "&" + wrong, null);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).path("errorCode").asString()).isEqualTo("invalid_query_string");
        }
    }

    @Test
    void a_grant_is_used_by_no_organization() {
        String path = "client-grants/" + id(post("")) + "/organizations";

        assertThat(server.managed("GET", path, null).toString()).isEqualTo("[]");
        assertThat(server.managed("GET", path + "?page=0&per_page=50&include_totals=true", null)
                        .toString())
                .isEqualTo("{\"total\":0,\"start\":0,\"limit\":50,\"organizations\":[]}");
        assertThat(server.managed("GET", path + "?take=50", null).toString()).isEqualTo("{\"organizations\":[]}");
        assertRefused(
                server.manage("GET", "client-grants/cgr_0000000000000000/organizations", null),
                404,
                "The grant does not exist.",
                "inexistent_client_grant");
        assertThat(Operator.with(server, "read:client_grants")
                        .call("GET", path, null)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void who_names_an_old_state_changes_nothing() {
        String id = id(post(",\"scope\":[\"a\"]"));
        String path = "client-grants/" + id;
        String before = IfMatch.tag(server.manage("GET", path, null));

        HttpResponse<String> changed = IfMatch.manage(server, before, "PATCH", path, Map.of("scope", List.of("b")));
        assertThat(changed.statusCode()).isEqualTo(200);
        String after = IfMatch.tag(changed);
        assertThat(IfMatch.manage(server, before, "PATCH", path, Map.of("scope", List.of("a")))
                        .statusCode())
                .isEqualTo(412);
        assertThat(IfMatch.manage(server, before, "DELETE", path, null).statusCode())
                .isEqualTo(412);
        assertThat(tokenScope()).isEqualTo("b");
        assertThat(IfMatch.manage(server, after, "DELETE", path, null).statusCode())
                .isEqualTo(204);
        assertThat(IfMatch.manage(server, after, "DELETE", path, null).statusCode())
                .isEqualTo(412);
    }
}
