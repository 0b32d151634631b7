package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** No field of a grant or an API is a way to more of the management API than the caller holds. */
class GrantEscalationTest {
    private static final String NOT_ALL =
            "Payload validation error: 'Scopes of the Management API are granted one by one' on property"
                    + " allow_all_scopes.";

    private static TestServer server;
    private static String systemApi;
    private static Operator clerk;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        systemApi = server.issuer() + "api/v2/";
        clerk = Operator.with(
                server,
                "read:clients",
                "create:client_grants",
                "update:client_grants",
                "create:resource_servers",
                "update:resource_servers");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode newClient() {
        return server.createClient("Somebody", Map.of());
    }

    private static String scopesOf(String grant) {
        return server.managed("GET", "client-grants/" + grant, null)
                .path("scope")
                .toString();
    }

    @Test
    void nobody_grants_all_scopes_of_the_system_api() {
        Map<String, ?> body = Map.of(
                "client_id", newClient().path("client_id").asString(), "audience", systemApi, "allow_all_scopes", true);

        assertRefused(clerk.call("POST", "client-grants", body), 400, NOT_ALL, "invalid_body");
        assertRefused(server.manage("POST", "client-grants", body), 400, NOT_ALL, "invalid_body");
    }

    @Test
    void a_caller_cannot_widen_its_own_grant_to_all_scopes() {
        String before = scopesOf(clerk.grantId());

        assertRefused(
                clerk.call("PATCH", "client-grants/" + clerk.grantId(), Map.of("allow_all_scopes", true)),
                400,
                NOT_ALL,
                "invalid_body");
        assertThat(scopesOf(clerk.grantId())).isEqualTo(before);
        assertThat(clerk.call("DELETE", "clients/x", null).statusCode()).isEqualTo(403);
    }

    @Test
    void a_caller_cannot_widen_the_grant_of_another() {
        Operator other = Operator.with(server, "read:clients");

        HttpResponse<String> response = clerk.call(
                "PATCH",
                "client-grants/" + other.grantId(),
                Map.of("scope", List.of("read:clients", "delete:clients")));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(scopesOf(other.grantId())).isEqualTo("[\"read:clients\"]");
    }

    @Test
    void a_default_for_the_system_api_holds_no_more_than_its_maker_and_gives_nobody_anything() {
        assertThat(clerk.call(
                                "POST",
                                "client-grants",
                                Map.of(
                                        "default_for",
                                        "third_party_clients",
                                        "audience",
                                        systemApi,
                                        "scope",
                                        List.of("delete:clients")))
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> held = clerk.call(
                "POST",
                "client-grants",
                Map.of("default_for", "third_party_clients", "audience", systemApi, "scope", List.of("read:clients")));
        assertThat(held.statusCode()).isEqualTo(201);
        String id = json(held).path("id").asString();
        assertThat(clerk.call("PATCH", "client-grants/" + id, Map.of("scope", List.of("read:logs")))
                        .statusCode())
                .isEqualTo(403);

        JsonNode thirdParty = server.createClient("Third party", Map.of("is_first_party", false));
        assertThat(server.token(thirdParty, systemApi).statusCode()).isEqualTo(403);
    }

    @Test
    void a_grant_for_users_of_the_system_api_gives_its_client_nothing() {
        JsonNode client = newClient();
        HttpResponse<String> made = clerk.call(
                "POST",
                "client-grants",
                Map.of(
                        "client_id",
                        client.path("client_id").asString(),
                        "audience",
                        systemApi,
                        "scope",
                        List.of("read:clients"),
                        "subject_type",
                        "user"));

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(server.token(client, systemApi).statusCode()).isEqualTo(403);
    }

    /** Such an API may have scopes of the same names, granted all at once. */
    @ParameterizedTest
    @ValueSource(strings = {"api/v2", "api/v2//", "API/v2/", "api/v2/#", "api/v2/?", "api%2Fv2/"})
    void an_api_that_looks_like_the_system_api_is_another(String path) {
        String audience = server.issuer() + path;
        assertThat(clerk.call(
                                "POST",
                                "resource-servers",
                                Map.of("identifier", audience, "scopes", List.of(Map.of("value", "delete:clients"))))
                        .statusCode())
                .isEqualTo(201);
        JsonNode client = newClient();
        assertThat(clerk.call(
                                "POST",
                                "client-grants",
                                Map.of(
                                        "client_id",
                                        client.path("client_id").asString(),
                                        "audience",
                                        audience,
                                        "allow_all_scopes",
                                        true))
                        .statusCode())
                .isEqualTo(201);
        JsonNode token = json(server.token(client, audience));
        assertThat(token.path("scope").asString()).isEqualTo("delete:clients");

        HttpResponse<String> refused =
                server.manage(token.path("access_token").asString(), "DELETE", "clients/x", null);

        assertThat(refused.statusCode()).isEqualTo(401);
    }

    @Test
    void the_scopes_of_the_system_api_cannot_be_changed_by_its_identifier_either() {
        HttpResponse<String> response = clerk.call(
                "PATCH",
                "resource-servers/" + systemApi.replace(":", "%3A").replace("/", "%2F"),
                Map.of("scopes", List.of(Map.of("value", "delete:clients"))));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(each(
                        server.managed("GET", "resource-servers?per_page=1", null)
                                .get(0)
                                .path("scopes"),
                        "value"))
                .hasSizeGreaterThan(60);
    }
}
