package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Nobody gets more of the management API than they hold: not by granting it, not by the secret of who has it. */
class EscalationTest {
    private static final List<String> CLERK = List.of(
            "create:clients",
            "read:clients",
            "update:clients",
            "read:client_keys",
            "update:client_keys",
            "create:client_grants",
            "read:client_grants",
            "update:client_grants");

    private static TestServer server;
    private static String systemApi;
    private static Operator clerk;
    private static Operator administrator;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        systemApi = server.issuer() + "api/v2/";
        clerk = Operator.with(server, CLERK.toArray(String[]::new));
        administrator = Operator.with(server, "read:clients", "delete:clients", "read:signing_keys");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> grant(Operator by, String client, String... scopes) {
        return by.call("POST", "client-grants", Map.of("client_id", client, "audience", systemApi, "scope", scopes));
    }

    private static String newClient() {
        return server.createClient("Somebody", Map.of()).path("client_id").asString();
    }

    @Test
    void a_caller_grants_scopes_of_the_system_api_that_it_holds() {
        assertThat(grant(clerk, newClient(), "read:clients", "update:clients").statusCode())
                .isEqualTo(201);
        assertThat(grant(clerk, newClient()).statusCode()).isEqualTo(201);
    }

    @Test
    void a_caller_cannot_grant_scopes_of_the_system_api_that_it_does_not_hold() {
        String client = newClient();

        assertRefused(
                grant(clerk, client, "read:clients", "delete:clients", "read:logs"),
                403,
                "You may grant only scopes of the Management API that your own token holds; it lacks:"
                        + " delete:clients, read:logs",
                "insufficient_scope");
        assertThat(server.managed("GET", "client-grants?client_id=" + client, null))
                .isEmpty();
    }

    @Test
    void a_caller_cannot_widen_its_own_grant() {
        HttpResponse<String> response =
                clerk.call("PATCH", "client-grants/" + clerk.grantId(), Map.of("scope", List.of("delete:clients")));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(texts(server.managed("GET", "client-grants/" + clerk.grantId(), null)
                        .path("scope")))
                .isEqualTo(CLERK);
    }

    @Test
    void a_caller_may_take_scopes_away_that_it_does_not_hold_and_leave_others() {
        Operator strong = Operator.with(server, "read:clients", "delete:clients", "read:logs");

        assertThat(clerk.call(
                                "PATCH",
                                "client-grants/" + strong.grantId(),
                                Map.of("scope", List.of("delete:clients", "read:clients")))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_narrowed_token_grants_only_what_it_holds_itself() {
        JsonNode narrowed = json(server.token(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                clerk.clientId(),
                "client_secret",
                clerk.clientSecret(),
                "audience",
                systemApi,
                "scope",
                "create:client_grants")));
        String token = narrowed.path("access_token").asString();
        assertThat(narrowed.path("scope").asString()).isEqualTo("create:client_grants");

        assertThat(server.manage(
                                token,
                                "POST",
                                "client-grants",
                                Map.of(
                                        "client_id",
                                        newClient(),
                                        "audience",
                                        systemApi,
                                        "scope",
                                        List.of("read:clients")))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void scopes_of_other_apis_are_granted_freely_whatever_their_names() {
        server.createApi("https://free.example.com/", List.of("delete:clients"), Map.of());

        assertThat(clerk.call(
                                "POST",
                                "client-grants",
                                Map.of(
                                        "client_id",
                                        newClient(),
                                        "audience",
                                        "https://free.example.com/",
                                        "scope",
                                        List.of("delete:clients")))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void the_secret_of_a_stronger_client_is_not_shown() {
        JsonNode one = json(clerk.call("GET", "clients/" + administrator.clientId(), null));
        assertThat(one.path("name").asString()).isEqualTo("Operator");
        assertThat(one.has("client_secret")).isFalse();

        JsonNode all = json(clerk.call("GET", "clients?per_page=100", null));
        for (JsonNode client : all) {
            boolean stronger = server.managed(
                            "GET",
                            "client-grants?client_id="
                                    + client.path("client_id").asString(),
                            null)
                    .valueStream()
                    .filter(grant -> grant.path("audience").asString().equals(systemApi))
                    .anyMatch(grant -> !CLERK.containsAll(texts(grant.path("scope"))));
            assertThat(client.has("client_secret")).isEqualTo(!stronger);
        }
    }

    @Test
    void the_secret_of_a_stronger_client_cannot_be_renewed() {
        assertRefused(
                clerk.call("POST", "clients/" + administrator.clientId() + "/rotate-secret", null),
                403,
                "This client holds scopes of the Management API that your own token lacks, so its secret is not"
                        + " yours to change: delete:clients, read:signing_keys",
                "insufficient_scope");
        assertStillWorks(administrator);
    }

    @Test
    void the_secret_of_a_stronger_client_cannot_be_set() {
        HttpResponse<String> response = clerk.call(
                "PATCH",
                "clients/" + administrator.clientId(),
                Map.of("client_secret", "known to the clerk", "description", "taken over"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertStillWorks(administrator);
        assertThat(server.managed("GET", "clients/" + administrator.clientId(), null)
                        .has("description"))
                .isFalse();
    }

    @Test
    void other_fields_of_a_stronger_client_may_be_changed_but_its_secret_is_not_in_the_answer() {
        JsonNode answer = json(clerk.call("PATCH", "clients/" + administrator.clientId(), Map.of("name", "Operator")));

        assertThat(answer.path("client_id").asString()).isEqualTo(administrator.clientId());
        assertThat(answer.has("client_secret")).isFalse();
    }

    @Test
    void the_secret_of_a_client_that_is_no_stronger_is_shown_renewed_and_set() {
        String equal = newClient();
        assertThat(grant(clerk, equal, "read:clients").statusCode()).isEqualTo(201);

        assertThat(json(clerk.call("GET", "clients/" + equal, null)).has("client_secret"))
                .isTrue();
        assertThat(clerk.call("POST", "clients/" + equal + "/rotate-secret", null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(clerk.call("PATCH", "clients/" + equal, Map.of("client_secret", "a new one"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(Operator.ask(server, equal, "a new one").statusCode()).isEqualTo(200);
    }

    private static void assertStillWorks(Operator operator) {
        assertThat(Operator.ask(server, operator.clientId(), operator.clientSecret())
                        .statusCode())
                .isEqualTo(200);
    }
}
