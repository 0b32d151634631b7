package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsCommandTest {
    private static final String GRANT = """
            {"id":"cgr_1","client_id":"app1","audience":"urn:api","scope":["read:a","read:b"]}""";

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
    void creates_a_grant_with_scopes_given_one_by_one_or_together() {
        server.on("POST /api/v2/client-grants", 201, GRANT);

        Result result =
                jeton("grants", "create", "--app", "app1", "--api", "urn:api", "--scope", "a b", "--scope", "c");

        assertThat(server.last().json())
                .isEqualTo(
                        Json.parse("{\"client_id\":\"app1\",\"audience\":\"urn:api\",\"scope\":[\"a\",\"b\",\"c\"]}"));
        assertThat(result.out()).endsWith("  jeton token --app app1 --api urn:api\n");
    }

    @Test
    void creates_a_grant_without_scopes() {
        server.on("POST /api/v2/client-grants", 201, GRANT);

        jeton("grants", "create", "--app", "app1", "--api", "urn:api");

        assertThat(server.last().json().path("scope")).isEqualTo(Json.parse("[]"));
    }

    @Test
    void lists_the_grants_of_an_application_for_an_api() {
        server.on("GET /api/v2/client-grants", 200, "{\"client_grants\":[" + GRANT + "]}");

        Result result = jeton("grants", "list", "--app", "app1", "--api", "urn:api");

        assertThat(server.calls())
                .containsExactly("GET /api/v2/client-grants?client_id=app1&audience=urn%3Aapi&take=100");
        assertThat(result.out()).isEqualTo("""
                        ID     APPLICATION  API      SCOPES
                        cgr_1  app1         urn:api  read:a read:b
                        """);
    }

    @Test
    void shortens_a_long_list_of_scopes_in_the_table() {
        assertThat(ScopeList.shown(Collections.nCopies(20, "read:something")))
                .isEqualTo("read:something read:something read:something read:something +16 more");
    }

    @Test
    void shows_every_scope_of_one_grant() {
        server.on("GET /api/v2/client-grants/cgr_1", 200, GRANT);

        assertThat(jeton("grants", "show", "cgr_1").out()).isEqualTo("""
                        ID           cgr_1
                        Application  app1
                        API          urn:api
                        Scopes       read:a
                                     read:b
                        """);
    }

    @Test
    void replaces_the_scopes_of_a_grant() {
        server.on("PATCH /api/v2/client-grants/cgr_1", 200, GRANT);

        jeton("grants", "update", "cgr_1", "--scope", "read:a");

        assertThat(server.last().json()).isEqualTo(Json.parse("{\"scope\":[\"read:a\"]}"));
    }

    @Test
    void deletes_a_grant() {
        server.on("DELETE /api/v2/client-grants/cgr_1", 204, "");

        assertThat(jeton("grants", "delete", "cgr_1").exitCode()).isZero();
        assertThat(server.calls()).containsExactly("DELETE /api/v2/client-grants/cgr_1");
    }
}
