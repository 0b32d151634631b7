package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The walk of somebody new, from a fresh server to a verified token and back, all by the command line. */
@TestMethodOrder(MethodName.class)
class NewcomerTest {
    private static final String API = "https://timesheets.example.com/api";

    @TempDir
    static Path folder;

    private static CheckingProxy proxy;
    private static RunningServer server;
    private static Jeton jeton;

    @BeforeAll
    static void start() {
        jeton = new Jeton(folder);
        // ./data: then no command needs to be told where the server is.
        proxy = CheckingProxy.start(jeton);
        server = proxy.server();
    }

    @AfterAll
    static void stop() {
        proxy.close();
        assertThat(server.out() + server.err()).doesNotContain("WARNING:").doesNotContain("\tat ");
    }

    private static String made(String member, String... args) {
        return jeton.run(args).done().json().path(member).asString();
    }

    @Test
    void from_an_api_and_an_application_to_a_verified_token() {
        assertThat(jeton.run(
                                "apis",
                                "create",
                                "Timesheets",
                                "--identifier",
                                API,
                                "--scope",
                                "read:timesheets",
                                "--scope",
                                "create:timesheets")
                        .done()
                        .out())
                .startsWith("The API is created.\n")
                .contains(API)
                .endsWith("  jeton grants create --app <client id> --api " + API + "\n");
        String app = made("client_id", "apps", "create", "Import job", "--json");

        Result tooEarly = jeton.run("token", "--app", app, "--api", API);
        assertThat(tooEarly.exitCode()).isEqualTo(1);
        assertThat(tooEarly.err()).contains("  jeton grants create --app " + app + " --api " + API + "\n");

        String grant =
                made("id", "grants", "create", "--app", app, "--api", API, "--scope", "read:timesheets", "--json");
        Result token = jeton.run("token", "--app", app, "--api", API).done();
        assertThat(token.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
        assertThat(token.err()).isEmpty();

        Result verified =
                jeton.runWithInput(token.out(), "verify", "--api", API).done();
        assertThat(verified.out())
                .startsWith("The token is valid.\n")
                .contains(app)
                .contains("read:timesheets")
                .contains("RS256");
        Result elsewhere = jeton.runWithInput(token.out(), "verify", "--api", "https://other.example.com", "--json");
        assertThat(elsewhere.exitCode()).isEqualTo(1);
        assertThat(elsewhere.json().path("code").asString()).isEqualTo("wrong_audience");

        jeton.run("grants", "delete", grant).done();
        assertThat(jeton.run("token", "--app", app, "--api", API).exitCode()).isEqualTo(1);
    }

    @Test
    void lists_are_tables_for_people_and_json_for_scripts() {
        Result apps = jeton.run("apps", "list").done();
        assertThat(apps.out()).startsWith("NAME").contains("Jeton command line");
        JsonNode apis = jeton.run("apis", "list", "--json").done().json();
        assertThat(apis.get(0).path("name").asString()).isEqualTo("Auth0 Management API");
        assertThat(jeton.run("grants", "list").done().out()).startsWith("ID").contains("cgr_");
        assertThat(apps.err()).isEmpty();
    }

    @Test
    void a_name_that_is_refused_is_a_sentence() {
        Result refused = jeton.run("apps", "create", "<b>");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .isEqualTo("jeton: cannot create the application: Payload validation error:"
                        + " 'String does not match pattern ^[^<>]+$: <b>' on property name.\n"
                        + "  see jeton apps create --help\n");
    }

    @Test
    void an_application_is_changed_given_a_new_secret_and_deleted() {
        JsonNode app =
                jeton.run("apps", "create", "Short-lived", "--json").done().json();
        String id = app.path("client_id").asString();

        assertThat(jeton.run("apps", "update", id, "--metadata", "region=eu", "--json")
                        .done()
                        .json()
                        .path("client_metadata")
                        .path("region")
                        .asString())
                .isEqualTo("eu");
        assertThat(made("client_secret", "apps", "rotate-secret", id, "--json"))
                .hasSize(64)
                .isNotEqualTo(app.path("client_secret").asString());
        Result unasked = jeton.run("apps", "delete", id);
        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).isEqualTo("jeton: there is no terminal to ask at; add --yes to go ahead unasked\n");
        jeton.run("apps", "delete", id, "--yes").done();
        Result gone = jeton.run("apps", "show", id);
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err()).isEqualTo("""
                jeton: cannot show the application: The client does not exist
                  see the client ids with jeton apps list
                """);
    }

    @Test
    void keys_are_rotated_and_the_log_says_so() {
        JsonNode before = jeton.run("keys", "list", "--json").done().json();
        Result early = jeton.run("keys", "rotate");
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err())
                .startsWith("jeton: cannot rotate the signing key: ")
                .contains("force");
        jeton.run("keys", "rotate", "--force").done();

        Result table = jeton.run("keys", "list").done();
        assertThat(table.out().lines().toList()).hasSize(before.size() + 2);
        assertThat(table.out()).contains("previous").contains("current").contains("next");
        List<String> log = jeton.run("logs", "--take", "4").done().out().lines().toList();
        assertThat(log).hasSize(4);
        assertThat(String.join("\n", log)).contains("Rotate the signing key").contains("token issued");
    }

    @Test
    void the_server_writes_a_backup() {
        String path = made("path", "backup", "--json");

        assertThat(Path.of(path)).startsWith(folder.resolve("data")).isDirectoryContaining("glob:**.db");
    }

    @Test
    void a_mistyped_option_or_command_is_answered_with_the_nearest() {
        Result option = jeton.run("apps", "list", "--jsn");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.err())
                .isEqualTo("jeton: there is no option '--jsn'; did you mean --json?\n  see jeton apps list --help\n");
        Result command = jeton.run("grant", "list");
        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.err()).startsWith("jeton: there is no command 'grant'; did you mean jeton grants");
    }
}
