package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminCommandTest {
    private static final String TWO = """
            [{"id":"adm_1","name":"Ada","role":"owner","last_sign_in_at":"2026-11-23T17:15:30Z"},
             {"id":"adm_2","name":"grace","role":"viewer","last_sign_in_at":null}]""";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    @Test
    void lists_the_administrators_with_their_roles() {
        server.on("GET /api/v2/administrators", 200, TWO);

        assertThat(jeton("admin", "list").out()).isEqualTo("""
                        NAME   ROLE    LAST SIGN-IN          ID
                        Ada    owner   2026-11-23 17:15:30Z  adm_1
                        grace  viewer                        adm_2
                        """);
        assertThat(jeton("admin", "list", "--json").out()).contains("\"adm_2\"");
    }

    @Test
    void invites_by_a_link() {
        server.on("POST /api/v2/administrators/invitations", 201, """
                {"url":"https://x.example.com/dashboard/welcome#secret","role":"editor","expires_at":"2026-11-24T12:00:00Z"}""");

        Result result = jeton("admin", "invite", "--role", "editor");

        assertThat(server.request("POST /api/v2/administrators/invitations")
                        .json()
                        .toString())
                .isEqualTo("{\"role\":\"editor\"}");
        assertThat(result.out()).isEqualTo("""
                        Who opens this link becomes an administrator with the role editor, once, until 2026-11-24 12:00:00Z. Show it to nobody else:
                          https://x.example.com/dashboard/welcome#secret
                        """);
        assertThat(jeton("admin", "invite", "--role", "editor", "--json").out())
                .contains("\"url\" : \"https://x.example.com/dashboard/welcome#secret\"");
    }

    @Test
    void takes_no_invitation_without_a_role() {
        Result result = jeton("admin", "invite");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--role");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void resets_by_the_name_in_any_case() {
        server.on("GET /api/v2/administrators", 200, TWO);
        server.on("POST /api/v2/administrators/adm_2/reset", 201, """
                {"url":"https://x.example.com/dashboard/welcome#secret","expires_at":"2026-11-24T12:00:00Z"}""");

        Result result = jeton("admin", "reset", "Grace");

        assertThat(result.out()).isEqualTo("""
                        Who opens this link sets a new password for Grace, once, until 2026-11-24 12:00:00Z. Show it to nobody else:
                          https://x.example.com/dashboard/welcome#secret
                        """);
    }

    @Test
    void lists_the_links_that_nobody_has_used() {
        server.on("GET /api/v2/administrators/links", 200, """
                [{"id":"lnk_1","purpose":"invitation","role":"editor","name":null,"usable":true,
                  "made_by":{"user_id":"adm_1","user_name":"Ada"},
                  "made_at":"2026-11-23T12:00:00Z","expires_at":"2026-11-24T12:00:00Z"},
                 {"id":"lnk_2","purpose":"reset","role":"viewer","name":"grace","usable":false,
                  "made_by":{"client_id":"q7Zr"},
                  "made_at":"2026-11-23T13:00:00Z","expires_at":"2026-11-24T13:00:00Z"}]""");

        assertThat(jeton("admin", "links").out()).isEqualTo("""
                        FOR             ROLE    MADE BY      MADE                  UNTIL                 ID
                        invitation      editor  Ada          2026-11-23 12:00:00Z  2026-11-24 12:00:00Z  lnk_1
                        reset of grace  viewer  client q7Zr  2026-11-23 13:00:00Z  void                  lnk_2
                        """);
        assertThat(jeton("admin", "links", "--json").out()).contains("\"lnk_2\"");
    }

    @Test
    void withdraws_a_link() {
        server.on("DELETE /api/v2/administrators/links/lnk_1", 204, "");

        assertThat(jeton("admin", "withdraw", "lnk_1").out()).isEqualTo("The link lnk_1 is void.\n");
    }

    @Test
    void says_where_the_names_are_if_nobody_has_that_one() {
        server.on("GET /api/v2/administrators", 200, TWO);

        assertThat(jeton("admin", "reset", "bob")).isEqualTo(new Result(1, "", """
                        jeton: cannot reset the password of bob: there is no administrator of that name
                          see the names with jeton admin list
                        """));
    }
}
