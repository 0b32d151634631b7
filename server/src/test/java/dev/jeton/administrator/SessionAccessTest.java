package dev.jeton.administrator;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A session at the management API: the scopes of the role, and what another site's page may not do with it. */
class SessionAccessTest {
    private static TestServer server;
    private static Browser owner;
    private static Browser editor;
    private static Browser viewer;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        owner = Browser.ofFirst(server, "Ada");
        editor = Browser.of(server, Role.EDITOR, "Edith");
        viewer = Browser.of(server, Role.VIEWER, "Victor");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int create(Browser browser) {
        return browser.manage("POST", "clients", Map.of("name", "x")).statusCode();
    }

    private static HttpResponse<String> createWith(List<String> headers) {
        return owner.send("POST", "api/v2/clients", Map.of("name", "x"), headers);
    }

    private static List<String> and(String name, String value) {
        return List.of("X-CSRF-Token", owner.csrf(), name, value);
    }

    private static void assertForged(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(json(answer).path("errorCode").asString()).isEqualTo("csrf");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void every_role_does_what_it_may_and_no_more() {
        assertThat(create(owner)).isEqualTo(201);
        assertThat(create(editor)).isEqualTo(201);
        assertThat(create(viewer)).isEqualTo(403);
        assertThat(message(viewer.manage("POST", "clients", Map.of("name", "x"))))
                .isEqualTo("Insufficient scope, expected any of: create:clients");
        assertThat(viewer.manage("GET", "clients", null).statusCode()).isEqualTo(200);
        assertThat(editor.manage("PATCH", "tenants/settings", Map.of("friendly_name", "x"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(owner.manage("PATCH", "tenants/settings", Map.of("friendly_name", "x"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(editor.manage("POST", "keys/signing/rotate", null).statusCode())
                .isEqualTo(403);
        assertThat(viewer.manage("GET", "users", null).statusCode()).isEqualTo(403);
    }

    @Test
    void a_viewer_is_shown_no_secret() {
        String client =
                server.createClient("With a secret", Map.of()).path("client_id").asString();
        String secret = "0123456789abcdef0123456789abcdef";
        String api = server.createApi(
                        "https://hs256.example.com",
                        List.of(),
                        Map.of("signing_alg", "HS256", "signing_secret", secret))
                .path("id")
                .asString();

        for (String path : List.of("clients", "clients/" + client, "resource-servers", "resource-servers/" + api)) {
            HttpResponse<String> answer = viewer.manage("GET", path, null);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("client_secret\"", "signing_secret");
        }
        for (String path : List.of("clients/" + client + "/credentials", "log-streams")) {
            assertThat(viewer.manage("GET", path, null).statusCode()).isEqualTo(403);
        }
        assertThat(json(editor.manage("GET", "clients/" + client, null)).has("client_secret"))
                .isTrue();
        assertThat(json(editor.manage("GET", "resource-servers/" + api, null))
                        .path("signing_secret")
                        .asString())
                .isEqualTo(secret);
        assertThat(json(Operator.with(server, "read:resource_servers").call("GET", "resource-servers/" + api, null))
                        .path("signing_secret")
                        .asString())
                .isEqualTo(secret);
    }

    @Test
    void an_editor_does_not_get_by_a_client_what_the_role_lacks() {
        JsonNode admin = server.createClient("Administrator's", Map.of());
        server.createGrant(
                admin.path("client_id").asString(), server.issuer() + "api/v2/", List.of("create:signing_keys"));

        assertThat(editor.manage("POST", "clients/" + admin.path("client_id").asString() + "/rotate-secret", null)
                        .statusCode())
                .isEqualTo(403);
        assertThat(editor.manage(
                                "POST",
                                "client-grants",
                                Map.of(
                                        "client_id",
                                        server.createClient("x", Map.of())
                                                .path("client_id")
                                                .asString(),
                                        "audience",
                                        server.issuer() + "api/v2/",
                                        "scope",
                                        List.of("create:administrators")))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_token_is_looked_at_first_and_the_cookie_not_at_all() {
        HttpResponse<String> answer = owner.send(
                "POST",
                "api/v2/clients",
                Map.of("name", "x"),
                List.of("Authorization", "Bearer " + server.managementToken()));
        assertThat(answer.statusCode()).isEqualTo(201);

        assertRefused(
                owner.send("GET", "api/v2/clients", null, List.of("Authorization", "Bearer x")),
                400,
                "Bad HTTP authentication header format",
                "Bearer");
    }

    @Test
    void a_change_without_the_token_of_the_session_is_refused() {
        assertForged(createWith(List.of()));
        assertForged(createWith(List.of("X-CSRF-Token", "")));
        assertForged(createWith(List.of("X-CSRF-Token", viewer.csrf())));
        assertForged(owner.send("PATCH", "api/v2/tenants/settings", Map.of(), List.of()));
        assertForged(owner.send("DELETE", "api/v2/clients/x", null, List.of()));
        assertForged(owner.send("DELETE", "dashboard/session", null, List.of()));
        assertForged(owner.send(
                "POST", "dashboard/session/password", Map.of("current", "x", "new", "y".repeat(12)), List.of()));
        assertThat(owner.send("GET", "api/v2/clients", null, List.of()).statusCode())
                .isEqualTo(200);
        assertThat(owner.send("HEAD", "api/v2/clients", null, List.of()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "https://login.example.com.evil.example.com",
                "http://127.0.0.1",
                "http://127.0.0.1:1",
                "https://127.0.0.1",
                "null",
                "not an origin",
                ""
            })
    void a_page_of_another_origin_is_refused(String origin) {
        assertForged(createWith(and("Origin", origin)));
        assertForged(new Browser(server)
                .send(
                        "POST",
                        "dashboard/session",
                        Map.of("name", "ada", "password", Browser.PASSWORD),
                        List.of("Origin", origin)));
        assertForged(new Browser(server).send("POST", "dashboard/links/redeem", Map.of(), List.of("Origin", origin)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none", ""})
    void what_a_browser_does_not_call_same_origin_is_refused(String site) {
        assertForged(createWith(and("Sec-Fetch-Site", site)));
    }

    @Test
    void our_own_page_may() {
        List<String> headers = new ArrayList<>(and("Sec-Fetch-Site", "same-origin"));
        headers.addAll(List.of("Origin", server.issuer().replaceAll("/$", "")));
        assertThat(createWith(headers).statusCode()).isEqualTo(201);
        assertThat(createWith(and("Origin", "http://127.0.0.1:" + server.port()))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_role_counts_on_the_next_request_and_a_removed_administrator_is_gone() {
        Browser grace = Browser.of(server, Role.VIEWER, "Grace");
        String path = "administrators/" + grace.id();
        assertThat(create(grace)).isEqualTo(403);

        server.managed("PATCH", path, Map.of("role", "editor"));
        assertThat(create(grace)).isEqualTo(201);
        assertThat(grace.session().path("administrator").path("role").asString())
                .isEqualTo("editor");

        server.managed("PATCH", path, Map.of("role", "viewer"));
        assertThat(create(grace)).isEqualTo(403);

        server.managed("DELETE", path, null);
        assertThat(create(grace)).isEqualTo(401);
        assertThat(grace.send("GET", "dashboard/session", null).statusCode()).isEqualTo(401);
        assertThat(new Browser(server).signIn("Grace", Browser.PASSWORD).statusCode())
                .isEqualTo(401);
    }
}
