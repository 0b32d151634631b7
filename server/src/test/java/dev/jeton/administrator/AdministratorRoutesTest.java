package dev.jeton.administrator;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.IfMatch;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import dev.jeton.management.SystemScopes;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class AdministratorRoutesTest {
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

    private static String path(Browser browser) {
        return "administrators/" + browser.id();
    }

    private static HttpResponse<String> invite(Operator operator, Role role) {
        return operator.call("POST", "administrators/invitations", Map.of("role", role.wireName()));
    }

    private static void assertLacks(HttpResponse<String> answer, String what) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(message(answer))
                .startsWith("You may " + what + " only administrators who may do no more than you; you lack: ");
        assertThat(json(answer).path("errorCode").asString()).isEqualTo("insufficient_scope");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void a_role_has_scopes_that_there_are_and_no_role_below_has_more(Role role) {
        assertThat(role.scopes().without(SystemScopes.ALL).isEmpty()).isTrue();
        assertThat(Role.VIEWER.scopes().without(role.scopes()).isEmpty()).isTrue();
        assertThat(role.scopes().without(Role.OWNER.scopes()).isEmpty()).isTrue();
        assertThat(role == Role.OWNER || !role.scopes().contains("create:administrators"))
                .isTrue();
    }

    @Test
    void lists_all_by_name_and_shows_one() {
        JsonNode all = json(viewer.manage("GET", "administrators", null));

        assertThat(each(all, "name"))
                .contains("Ada", "Edith", "Victor")
                .isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
        JsonNode one = json(viewer.manage("GET", path(owner), null));
        assertThat(one.propertyNames())
                .containsExactly("id", "name", "role", "created_at", "updated_at", "last_sign_in_at");
        assertThat(one.path("last_sign_in_at").asString()).isEqualTo(TestServer.START.toString());
        assertRefused(
                viewer.manage("GET", "administrators/adm_none", null),
                404,
                "The administrator does not exist",
                "inexistent_administrator");
    }

    @Test
    void those_who_are_no_owners_change_no_administrator() {
        for (Browser browser : List.of(editor, viewer)) {
            assertThat(browser.manage("POST", "administrators/invitations", Map.of("role", "owner"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(browser.manage("PATCH", path(browser), Map.of("role", "owner"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(browser.manage("POST", path(owner) + "/reset", null).statusCode())
                    .isEqualTo(403);
            assertThat(browser.manage("DELETE", path(owner), null).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void a_client_invites_nobody_who_may_do_more_than_it() {
        assertLacks(invite(Operator.with(server, "create:administrators"), Role.VIEWER), "invite");
        List<String> scopes = new ArrayList<>(Role.EDITOR.scopes().values());
        scopes.add("create:administrators");
        Operator operator = Operator.with(server, scopes.toArray(String[]::new));
        assertLacks(invite(operator, Role.OWNER), "invite");
        assertThat(invite(operator, Role.EDITOR).statusCode()).isEqualTo(201);
        assertThat(invite(operator, Role.VIEWER).statusCode()).isEqualTo(201);
    }

    @Test
    void a_client_changes_resets_and_removes_nobody_who_may_do_more_than_it() {
        List<String> scopes = new ArrayList<>(Role.EDITOR.scopes().values());
        scopes.addAll(List.of("update:administrators", "delete:administrators"));
        Operator operator = Operator.with(server, scopes.toArray(String[]::new));
        Browser second = Browser.of(server, Role.OWNER, "second-owner");
        Browser mallory = Browser.of(server, Role.VIEWER, "mallory");

        assertLacks(operator.call("PATCH", path(second), Map.of("role", "viewer")), "change");
        assertLacks(operator.call("PATCH", path(mallory), Map.of("role", "owner")), "make");
        assertLacks(operator.call("POST", path(second) + "/reset", null), "reset the password of");
        assertLacks(operator.call("DELETE", path(second), null), "remove");
        assertThat(operator.call("POST", path(mallory) + "/reset", null).statusCode())
                .isEqualTo(201);
        assertThat(operator.call("PATCH", path(mallory), Map.of("role", "editor"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(operator.call("DELETE", path(mallory), null).statusCode()).isEqualTo(204);
        server.managed("DELETE", path(second), null);
    }

    @Test
    void the_last_owner_can_be_neither_removed_nor_made_less() {
        String refusal = "Ada is the last owner: make another one first";

        assertRefused(owner.manage("DELETE", path(owner), null), 409, refusal, "last_owner");
        assertRefused(owner.manage("PATCH", path(owner), Map.of("role", "viewer")), 409, refusal, "last_owner");
        assertThat(owner.manage("PATCH", path(owner), Map.of("role", "owner")).statusCode())
                .isEqualTo(200);

        Browser second = Browser.of(server, Role.OWNER, "second");
        assertThat(second.manage("DELETE", path(second), null).statusCode()).isEqualTo(204);
        assertThat(second.send("GET", "dashboard/session", null).statusCode()).isEqualTo(401);
    }

    @Test
    void what_somebody_else_has_changed_is_not_overwritten() {
        Browser contested = Browser.of(server, Role.VIEWER, "contested");
        String tag = IfMatch.tag(owner.manage("GET", path(contested), null));
        server.managed("PATCH", path(contested), Map.of("role", "editor"));

        assertThat(IfMatch.manage(server, tag, "PATCH", path(contested), Map.of("role", "viewer"))
                        .statusCode())
                .isEqualTo(412);
        assertThat(IfMatch.manage(server, tag, "DELETE", path(contested), null).statusCode())
                .isEqualTo(412);
    }

    @Test
    void a_removed_administrators_invitations_are_void() {
        Browser second = Browser.of(server, Role.OWNER, "inviting");
        String link = json(second.manage("POST", "administrators/invitations", Map.of("role", "owner")))
                .path("url")
                .asString();

        server.managed("DELETE", path(second), null);

        assertThat(new Browser(server).redeem(link, "late", Browser.PASSWORD).statusCode())
                .isEqualTo(404);
    }

    @Test
    void refuses_a_role_that_there_is_not() {
        assertThat(message(owner.manage("POST", "administrators/invitations", Map.of("role", "root"))))
                .startsWith("Payload validation error: 'No enum match for: root");
        assertThat(message(owner.manage("PATCH", path(viewer), Map.of())))
                .isEqualTo("Payload validation error: 'Missing required property: role'.");
    }
}
