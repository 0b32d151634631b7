package dev.jeton.client;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.administrator.Browser;
import dev.jeton.administrator.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What administrators may do to clients that may do more than they. */
class ClientsOfOwnersTest {
    private static TestServer server;
    private static Browser editor;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        editor = Browser.of(server, Role.EDITOR, "erin");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void an_editor_changes_and_deletes_no_client_that_may_do_more() {
        String tool =
                server.createClient("Deployments", Map.of()).path("client_id").asString();
        server.createGrant(tool, server.issuer() + "api/v2/", List.of("update:signing_keys"));

        assertRefused(
                editor.manage("PATCH", "clients/" + tool, Map.of("grant_types", List.of())),
                403,
                "This client holds scopes of the Management API that your role lacks, so it is not yours to change:"
                        + " update:signing_keys",
                "insufficient_scope");
        assertThat(editor.manage("DELETE", "clients/" + tool, null).statusCode())
                .isEqualTo(403);
        assertThat(server.managed("GET", "clients/" + tool, null).path("grant_types"))
                .isNotEmpty();
    }

    @Test
    void an_editor_changes_and_deletes_any_other() {
        String job = server.createClient("Job", Map.of()).path("client_id").asString();

        assertThat(editor.manage("PATCH", "clients/" + job, Map.of("description", "Nightly"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(editor.manage("DELETE", "clients/" + job, null).statusCode()).isEqualTo(204);
    }

    private static String grant(String client, String audience, List<String> scopes) {
        return "client-grants/"
                + server.createGrant(client, audience, scopes).path("id").asString();
    }

    @Test
    void an_editor_narrows_and_deletes_no_grant_of_a_client_that_may_do_more() {
        String tool =
                server.createClient("Deployments", Map.of()).path("client_id").asString();
        String grant = grant(tool, server.issuer() + "api/v2/", List.of("read:clients", "update:signing_keys"));
        String refusal = "This grant gives scopes of the Management API that your role lacks, so it is not yours to"
                + " change: update:signing_keys";

        assertRefused(
                editor.manage("PATCH", grant, Map.of("scope", List.of("update:signing_keys"))),
                403,
                refusal,
                "insufficient_scope");
        assertRefused(editor.manage("DELETE", grant, null), 403, refusal, "insufficient_scope");
        assertThat(server.managed("GET", grant, null).path("scope")).hasSize(2);
    }

    @Test
    void an_editor_narrows_and_deletes_any_other_grant() {
        String job = server.createClient("Job", Map.of()).path("client_id").asString();
        server.createApi("https://signing.example.com", List.of("update:signing_keys"), Map.of());
        String equal = grant(job, server.issuer() + "api/v2/", List.of("read:clients", "update:clients"));
        String elsewhere = grant(job, "https://signing.example.com", List.of("update:signing_keys"));

        assertThat(editor.manage("PATCH", equal, Map.of("scope", List.of("read:clients")))
                        .statusCode())
                .isEqualTo(200);
        for (String grant : List.of(equal, elsewhere)) {
            assertThat(editor.manage("DELETE", grant, null).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void a_viewer_sees_no_add_ons() {
        String id = server.createClient("With add-ons", Map.of("addons", Map.of("sap_api", Map.of("key", "k"))))
                .path("client_id")
                .asString();
        JsonNode seen = json(Browser.of(server, Role.VIEWER, "vic").manage("GET", "clients/" + id, null));

        assertThat(seen.path("name").asString()).isEqualTo("With add-ons");
        assertThat(seen.has("addons")).isFalse();
        assertThat(json(editor.manage("GET", "clients/" + id, null))
                        .path("addons")
                        .path("sap_api")
                        .path("key")
                        .asString())
                .isEqualTo("k");
    }
}
