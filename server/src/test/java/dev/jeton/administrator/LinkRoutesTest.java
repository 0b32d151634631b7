package dev.jeton.administrator;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is seen of invitations and resets that nobody has used, and how they are called back. */
class LinkRoutesTest {
    private static final String LINKS = "administrators/links";

    private static TestServer server;
    private static Browser owner;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        owner = Browser.ofFirst(server, "Ada");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String invited(Browser by, Role role) {
        server.clock().advance(Duration.ofSeconds(1)); // so that it is the last in the list
        return json(by.manage("POST", "administrators/invitations", Map.of("role", role.wireName())))
                .path("url")
                .asString();
    }

    private static JsonNode links() {
        return server.managed("GET", LINKS, null);
    }

    private static JsonNode newest() {
        return links().path(links().size() - 1);
    }

    private static int lookAt(String link) {
        return new Browser(server)
                .post("dashboard/links/look", Map.of("token", Browser.token(link)))
                .statusCode();
    }

    private static Operator editing(String... more) {
        List<String> scopes = new ArrayList<>(Role.EDITOR.scopes().values());
        scopes.addAll(List.of(more));
        return Operator.with(server, scopes.toArray(String[]::new));
    }

    @Test
    void an_invitation_is_listed_with_its_role_and_who_made_it_and_without_what_makes_it_a_link() {
        String url = invited(owner, Role.EDITOR);
        JsonNode link = newest();

        assertThat(link.propertyNames())
                .containsExactly("id", "purpose", "role", "name", "made_by", "made_at", "expires_at", "usable");
        assertThat(link.path("purpose").asString()).isEqualTo("invitation");
        assertThat(link.path("role").asString()).isEqualTo("editor");
        assertThat(link.path("name").isNull()).isTrue();
        assertThat(link.path("made_by").toString())
                .isEqualTo("{\"user_id\":\"" + owner.id() + "\",\"user_name\":\"Ada\"}");
        assertThat(link.path("made_at").asString())
                .isEqualTo(server.clock().instant().toString());
        assertThat(link.path("expires_at").asString())
                .isEqualTo(server.clock().instant().plus(OneTimeLinks.LIFETIME).toString());
        assertThat(link.path("usable").asBoolean()).isTrue();
        assertThat(link.path("id").asString()).matches("lnk_[0-9a-f]{24}");
        assertThat(links().toString()).doesNotContain(Browser.token(url));
    }

    @Test
    void a_reset_is_listed_with_whom_it_is_for_and_the_client_that_made_it() {
        Browser grace = Browser.of(server, Role.VIEWER, "Grace");
        Operator operator = editing("update:administrators");
        server.clock().advance(Duration.ofSeconds(1));
        assertThat(operator.call("POST", "administrators/" + grace.id() + "/reset", null)
                        .statusCode())
                .isEqualTo(201);

        JsonNode link = newest();
        assertThat(link.path("purpose").asString()).isEqualTo("reset");
        assertThat(link.path("name").asString()).isEqualTo("Grace");
        assertThat(link.path("role").asString()).isEqualTo("viewer");
        assertThat(link.path("made_by").toString()).isEqualTo("{\"client_id\":\"" + operator.clientId() + "\"}");

        server.managed("DELETE", "clients/" + operator.clientId(), null);
        assertThat(newest().path("id")).isEqualTo(link.path("id"));
        assertThat(newest().path("usable").asBoolean()).as("its maker is gone").isFalse();
    }

    @Test
    void a_withdrawn_link_is_good_no_more_and_the_log_says_who_withdrew_which() {
        String url = invited(owner, Role.OWNER);
        String id = newest().path("id").asString();
        String kept = invited(owner, Role.OWNER);

        assertThat(owner.manage("DELETE", LINKS + "/" + id, null).statusCode()).isEqualTo(204);

        assertThat(lookAt(url)).isEqualTo(404);
        assertThat(lookAt(kept)).isEqualTo(200);
        assertRefused(
                owner.manage("DELETE", LINKS + "/" + id, null),
                404,
                "There is no such link any more: it was used or withdrawn, or its time is over",
                "inexistent_link");
        JsonNode event = server.managed("GET", "logs?q=type:sapi&sort=date:-1&take=5", null)
                .valueStream()
                .filter(each -> each.path("description").asString().equals("Withdraw an unused link of administrators"))
                .findFirst()
                .orElseThrow();
        assertThat(event.path("user_name").asString()).isEqualTo("Ada");
        assertThat(event.path("details")
                        .path("changes")
                        .path("id")
                        .path("before")
                        .asString())
                .isEqualTo(id);
        assertThat(event.toString()).doesNotContain(Browser.token(url), Browser.token(kept));
    }

    @Test
    void what_was_used_is_not_listed() {
        String used = invited(owner, Role.VIEWER);
        String id = newest().path("id").asString();
        new Browser(server).redeemed(used, "used");
        assertThat(each(links(), "id")).doesNotContain(id);
    }

    @Test
    void nobody_withdraws_a_link_that_gives_more_than_they_hold() {
        Operator operator = editing("delete:administrators");
        String invitation = invited(owner, Role.OWNER);
        String id = newest().path("id").asString();

        assertThat(json(operator.call("DELETE", LINKS + "/" + id, null))
                        .path("message")
                        .asString())
                .startsWith(
                        "You may withdraw the links of only administrators who may do no more than you; you lack: ");
        assertThat(lookAt(invitation)).isEqualTo(200);
        String lesser = invited(owner, Role.EDITOR);
        assertThat(operator.call("DELETE", LINKS + "/" + newest().path("id").asString(), null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(lookAt(lesser)).isEqualTo(404);
    }

    @Test
    void those_who_are_no_owners_see_the_links_and_withdraw_none() {
        Browser editor = Browser.of(server, Role.EDITOR, "Edith");
        invited(owner, Role.VIEWER);

        assertThat(json(editor.manage("GET", LINKS, null)).size()).isPositive();
        assertThat(editor.manage("DELETE", LINKS + "/" + newest().path("id").asString(), null)
                        .statusCode())
                .isEqualTo(403);
    }
}
