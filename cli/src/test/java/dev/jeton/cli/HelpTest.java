package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    @TempDir
    Path folder;

    @Test
    void lists_every_command_those_of_the_servers_machine_and_the_exit_codes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);

        int exitCode = Main.execute(new String[] {"--help"}, stream, stream, Map.of(), InputStream.nullInputStream());

        assertThat(exitCode).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "  apps ",
                        "  apis ",
                        "  grants ",
                        "  hooks ",
                        "  actions ",
                        "  keys ",
                        "  admin ",
                        "  logs ",
                        "  token ")
                .contains("  snippet ", "  verify ", "  backup ", "  import ", "  login ", "  logout ")
                .contains("On the server's machine:\n")
                .contains("  quickstart ", "  serve ", "  config show ", "  rewrap ", "  recover ")
                .contains("  0   done\n", "  1   the server refused, or a check failed\n", "  2   wrong usage\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apps",
                "apps create",
                "apps list",
                "apps show",
                "apps update",
                "apps delete",
                "apps rotate-secret",
                "apis",
                "apis create",
                "apis list",
                "apis show",
                "apis update",
                "apis delete",
                "grants",
                "grants create",
                "grants list",
                "grants show",
                "grants update",
                "grants delete",
                "admin",
                "admin list",
                "admin invite",
                "admin reset",
                "hooks",
                "hooks scaffold",
                "hooks create",
                "hooks list",
                "hooks show",
                "hooks edit",
                "hooks enable",
                "hooks disable",
                "hooks delete",
                "hooks secrets",
                "hooks set-secret",
                "hooks remove-secret",
                "hooks test",
                "hooks logs",
                "actions",
                "actions scaffold",
                "actions create",
                "actions list",
                "actions show",
                "actions edit",
                "actions deploy",
                "actions versions",
                "actions rollback",
                "actions bind",
                "actions unbind",
                "actions order",
                "actions delete",
                "actions set-secret",
                "actions remove-secret",
                "actions test",
                "actions logs",
                "keys",
                "keys list",
                "keys rotate",
                "keys revoke",
                "hooks",
                "hooks check",
                "logs",
                "token",
                "snippet",
                "verify",
                "backup",
                "import",
                "login",
                "logout"
            })
    void gives_an_example_for_every_command(String command) {
        Result result = new CommandLineRun(folder).run((command + " --help").split(" "));

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("Usage: jeton " + command).contains("\nExample:\n  ");
    }

    @Test
    void shows_the_commands_of_a_group_that_is_called_alone() {
        Result result = new CommandLineRun(folder).run("apps");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("Usage: jeton apps").contains("rotate-secret");
    }

    @Test
    void names_what_is_missing_and_where_to_read_more() {
        Result result = new CommandLineRun(folder).run("token");

        assertThat(result).isEqualTo(new Result(2, "", """
                        jeton: Missing required option: '--api=URI'
                          see jeton token --help
                        """));
    }

    @Test
    void suggests_the_command_that_was_meant() {
        Result result = new CommandLineRun(folder).run("tokn");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("jeton token");
    }
}
