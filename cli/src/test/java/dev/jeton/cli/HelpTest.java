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
                .contains("  snippet ", "  verify ", "  backup ", "  import ", "  login ", "  profiles ", "  logout ")
                .contains("On the server's machine:\n")
                .contains("  quickstart ", "  serve ", "  config show ", "  doctor ", "  rewrap ", "  recover ")
                .contains("  0   done\n", "  1   the server refused, or a check failed\n", "  2   wrong usage\n");
    }

    @Test
    void lists_every_command_whatever_else_is_asked_for() {
        assertThat(new CommandLineRun(folder).run("--help", "apps").out()).contains("\n  apps ", "\n  token ");
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
