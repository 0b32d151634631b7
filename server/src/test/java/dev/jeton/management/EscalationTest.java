package dev.jeton.management;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
            "update:client_grants",
            "read:client_credentials",
            "create:client_credentials",
            "update:client_credentials",
            "delete:client_credentials",
            "create:resource_servers",
            "update:resource_servers");

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

    /** A token of the clerk's own client with these scopes only. */
    private static String narrowed(String... scopes) {
        return json(server.token(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        clerk.clientId(),
                        "client_secret",
                        clerk.clientSecret(),
                        "audience",
                        systemApi,
                        "scope",
                        String.join(" ", scopes))))
                .path("access_token")
                .asString();
    }

    @Test
    void a_narrowed_token_gets_no_secret_of_its_own_client_and_sets_none() {
        String token = narrowed("read:client_keys", "update:client_keys", "update:clients");
        String own = "clients/" + clerk.clientId();

        assertThat(json(server.manage(token, "GET", own, null)).has("client_secret"))
                .isFalse();
        assertThat(json(server.manage(token, "PATCH", own, Map.of("name", "Operator")))
                        .has("client_secret"))
                .isFalse();
        assertThat(server.manage(token, "POST", own + "/rotate-secret", null).statusCode())
                .isEqualTo(403);
        assertThat(server.manage(token, "PATCH", own, Map.of("client_secret", "mine"))
                        .statusCode())
                .isEqualTo(403);
        assertStillWorks(clerk);
    }

    @Test
    void a_caller_cannot_widen_the_grant_of_another() {
        String client = newClient();
        String grant = json(grant(clerk, client, "read:clients")).path("id").asString();

        HttpResponse<String> response = clerk.call(
                "PATCH", "client-grants/" + grant, Map.of("scope", List.of("read:clients", "delete:clients")));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(texts(server.managed("GET", "client-grants/" + grant, null).path("scope")))
                .containsExactly("read:clients");
    }

    @Test
    void tokens_for_an_api_that_looks_like_the_system_api_open_nothing() {
        String client = newClient();
        String secret = server.managed("GET", "clients/" + client, null)
                .path("client_secret")
                .asString();
        for (String lookalike : List.of(
                server.issuer() + "api/v2",
                server.issuer() + "API/v2/",
                server.issuer() + "api/v2//",
                server.issuer() + "api%2Fv2/",
                "http://127.0.0.1:1/api/v2/",
                systemApi + " ",
                "\u200b" + systemApi)) {
            HttpResponse<String> made = clerk.call(
                    "POST",
                    "resource-servers",
                    Map.of("identifier", lookalike, "scopes", List.of(Map.of("value", "delete:clients"))));
            if (made.statusCode() != 201) {
                assertThat(made.statusCode()).as(lookalike).isEqualTo(400);
                continue;
            }
            assertThat(clerk.call(
                                    "POST",
                                    "client-grants",
                                    Map.of(
                                            "client_id",
                                            client,
                                            "audience",
                                            lookalike,
                                            "scope",
                                            List.of("delete:clients")))
                            .statusCode())
                    .isEqualTo(201);
            String token = json(Operator.ask(server, client, secret, lookalike))
                    .path("access_token")
                    .asString();
            assertThat(token).isNotEmpty();
            assertThat(server.manage(token, "DELETE", "clients/" + administrator.clientId(), null)
                            .statusCode())
                    .as(lookalike)
                    .isEqualTo(401);
        }
        assertStillWorks(administrator);
    }

    @Test
    void an_api_whose_identifier_becomes_that_of_the_system_api_is_not_it(@TempDir Path folder) throws IOException {
        MutableClock clock = new MutableClock(TestServer.START);
        int port = freePort();
        String moved = "http://127.0.0.1:" + port + "/";
        JsonNode waiting;
        try (TestServer before = TestServer.startOn(folder, Map.of(), clock)) {
            before.createApi(moved + "api/v2/", List.of("delete:clients"), Map.of());
            waiting = before.createClient("Waiting", Map.of());
            before.createGrant(waiting.path("client_id").asString(), moved + "api/v2/", List.of("delete:clients"));
            assertThat(before.token(waiting, moved + "api/v2/").statusCode()).isEqualTo(200);
        }

        Map<String, String> settings = Map.of("JETON_ISSUER", moved, "JETON_PORT", Integer.toString(port));
        try (TestServer after = TestServer.startOn(folder, settings, clock)) {
            assertThat(after.issuer()).isEqualTo(moved);
            assertThat(after.token(waiting, moved + "api/v2/").statusCode()).isEqualTo(403);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void no_stronger_client_loses_the_need_for_a_secret() {
        String path = "clients/" + administrator.clientId();

        assertThat(clerk.call("PATCH", path, Map.of("token_endpoint_auth_method", "none"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(clerk.call("PATCH", path, Map.of("grant_types", List.of(), "token_endpoint_auth_method", "none"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(clerk.call("PATCH", path, Map.of("grant_types", List.of("client_credentials")))
                        .statusCode())
                .isEqualTo(400);
        server.managed("PATCH", path, "{\"grant_types\":[\"client_credentials\"],\"token_endpoint_auth_method\":null}");
        assertStillWorks(administrator);
    }

    @Test
    void a_client_that_may_not_ask_for_tokens_for_a_while_keeps_its_secret() {
        String path = "clients/" + administrator.clientId();
        assertThat(clerk.call("PATCH", path, Map.of("grant_types", List.of())).statusCode())
                .isEqualTo(200);

        assertThat(json(clerk.call("GET", path, null)).has("client_secret")).isFalse();
        assertThat(clerk.call("PATCH", path, Map.of("client_secret", "known to the clerk"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(clerk.call("POST", path + "/rotate-secret", null).statusCode())
                .isEqualTo(403);

        server.managed("PATCH", path, Map.of("grant_types", List.of("client_credentials")));
        assertStillWorks(administrator);
    }

    @Test
    void a_client_that_may_not_ask_for_tokens_can_do_nothing_with_those_it_has() {
        Operator operator = Operator.with(server, "read:clients");
        assertThat(operator.call("GET", "clients", null).statusCode()).isEqualTo(200);

        server.managed("PATCH", "clients/" + operator.clientId(), Map.of("grant_types", List.of("refresh_token")));

        assertThat(operator.call("GET", "clients", null).statusCode()).isEqualTo(401);
    }

    @Test
    void the_credentials_of_a_stronger_client_cannot_be_made_changed_attached_or_deleted() {
        String path = "clients/" + administrator.clientId();
        String credential = server.managed("POST", path + "/credentials", subject("CN=administrator"))
                .path("id")
                .asString();

        assertNoCredentials(clerk.token(), path, credential);
        assertThat(server.managed("GET", path + "/credentials", null)).hasSize(1);
        assertStillWorks(administrator);
    }

    @Test
    void a_narrowed_token_touches_no_credentials_of_its_own_client() {
        String path = "clients/" + clerk.clientId();
        String credential = server.managed("POST", path + "/credentials", subject("CN=clerk"))
                .path("id")
                .asString();

        assertNoCredentials(
                narrowed(
                        "update:clients",
                        "create:client_credentials",
                        "update:client_credentials",
                        "delete:client_credentials"),
                path,
                credential);
        assertThat(clerk.call("DELETE", path + "/credentials/" + credential, null)
                        .statusCode())
                .isEqualTo(204);
        assertStillWorks(clerk);
    }

    private static Map<String, String> subject(String name) {
        return Map.of("credential_type", "cert_subject_dn", "subject_dn", name);
    }

    private static void assertNoCredentials(String token, String client, String credential) {
        String one = client + "/credentials/" + credential;
        assertThat(server.manage(token, "POST", client + "/credentials", subject("CN=mine"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.manage(token, "PATCH", one, "{\"expires_at\":null}").statusCode())
                .isEqualTo(403);
        assertThat(server.manage(token, "DELETE", one, null).statusCode()).isEqualTo(403);
        for (String change : List.of(
                "\"client_authentication_methods\":{\"tls_client_auth\":{\"credentials\":[{\"id\":\"" + credential
                        + "\"}]}}",
                "\"client_authentication_methods\":null",
                "\"signed_request_object\":{\"credentials\":[]}",
                "\"token_vault_privileged_access\":null")) {
            assertThat(server.manage(token, "PATCH", client, "{" + change + "}").statusCode())
                    .as(change)
                    .isEqualTo(403);
        }
    }

    /** As another node may have committed it a moment ago. */
    @Test
    void what_another_node_has_just_granted_is_asked_before_a_secret_is_renewed() throws SQLException {
        String client = newClient();
        String grant = json(grant(clerk, client, "read:clients")).path("id").asString();
        commitUnseen(
                "update client_grants set scope = '[\"delete:clients\"]' where id = '" + grant + "'",
                "insert into changes (entity, id) values ('client_grant', '" + client + "')");

        assertThat(clerk.call("POST", "clients/" + client + "/rotate-secret", null)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void what_another_node_has_just_taken_away_is_not_given_on() throws SQLException {
        Operator former = Operator.with(server, "create:client_grants", "delete:clients");
        String client = newClient();
        commitUnseen(
                "update client_grants set scope = '[\"create:client_grants\"]' where id = '" + former.grantId() + "'",
                "insert into changes (entity, id) values ('client_grant', '" + former.clientId() + "')");

        assertThat(grant(former, client, "delete:clients").statusCode()).isNotEqualTo(201);

        assertThat(grant(former, client, "delete:clients").statusCode()).isEqualTo(403);
        assertThat(server.managed("GET", "client-grants?client_id=" + client, null))
                .isEmpty();
    }

    private static void commitUnseen(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + server.folder().resolve("jeton.db"));
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    @Test
    void administrators_that_were_deleted_are_not_back_after_a_restart(@TempDir Path folder) {
        Map<String, String> settings =
                Map.of("JETON_BOOTSTRAP_CLIENT_ID", "boot", "JETON_BOOTSTRAP_CLIENT_SECRET", "strap");
        MutableClock clock = new MutableClock(TestServer.START);
        String cli;
        try (TestServer before = TestServer.startOn(folder, settings, clock)) {
            cli = each(before.managed("GET", "clients", null), "client_id").stream()
                    .filter(id -> !id.equals("boot"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Operator.ask(before, "boot", "strap").statusCode()).isEqualTo(200);
            assertThat(before.manage("DELETE", "clients/boot", null).statusCode())
                    .isEqualTo(204);
            assertThat(before.manage("DELETE", "clients/" + cli, null).statusCode())
                    .isEqualTo(204);
        }
        try (TestServer after = TestServer.startOn(folder, settings, clock)) {
            assertThat(Operator.ask(after, "boot", "strap").statusCode()).isEqualTo(401);
            assertThat(after.managementToken()).isEmpty();
        }
    }

    private static void assertStillWorks(Operator operator) {
        assertThat(Operator.ask(server, operator.clientId(), operator.clientSecret())
                        .statusCode())
                .isEqualTo(200);
    }
}
