package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees at a terminal, and nobody elsewhere: colours, and how long something takes. */
class TerminalTest {
    private static final String KEYS = """
            [{"alg":"RS256","kid":"k1","current":true},{"alg":"\\u001b[31mES256","kid":"revoked","revoked":true}]""";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();
    private final List<Runnable> ticks = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandLineRun elsewhere() {
        return CommandLineRun.against(server, folder);
    }

    private CommandLineRun atTheTerminal() {
        return elsewhere().watchedFor(tick -> {
            ticks.add(tick);
            return () -> ticks.remove(tick);
        });
    }

    /** A request for which the server needs that long. */
    private void takes(int seconds, String request, String json) {
        server.on(request, _ -> {
            for (int i = 0; i < seconds; i++) {
                ticks.forEach(Runnable::run);
            }
            return new Reply(200, json);
        });
    }

    private static String visible(String text) {
        return text.replace('\u001b', '^').replace('\r', '<');
    }

    @Test
    void shows_headings_and_bad_states_at_a_glance_and_nothing_that_others_wrote() {
        server.on("GET /api/v2/keys/signing", 200, KEYS);

        assertThat(visible(atTheTerminal().run("keys", "list").out())).isEqualTo("""
                        ^[1mALG^[0m              ^[1mKEY ID^[0m   ^[1mSTATE^[0m    ^[1mCURRENT SINCE^[0m  ^[1mUNTIL^[0m
                        RS256            k1       current
                        \\u001b[31mES256  revoked  ^[31mrevoked^[0m
                        """);
    }

    @Test
    void shows_where_an_error_begins() {
        server.on("GET /api/v2/keys/signing", 400, "{\"message\":\"no\"}");

        assertThat(visible(atTheTerminal().run("keys", "list").err()))
                .isEqualTo("^[31mjeton:^[0m cannot list the signing keys: no\n");
    }

    @Test
    void shows_the_headings_of_help() {
        assertThat(visible(atTheTerminal().run("keys", "rotate", "--help").out()))
                .startsWith("^[1mUsage:^[21m^[0m jeton keys rotate")
                .contains("\n^[1mExit codes:^[21m^[0m\n", "\n^[1mExample:^[21m^[0m\n")
                .doesNotContain("@|");
    }

    @Test
    void has_no_colours_for_whoever_wants_none_and_for_programs() {
        server.on("GET /api/v2/keys/signing", 200, KEYS);
        List<Result> plain = List.of(
                elsewhere().run("keys", "list"),
                elsewhere().run("keys", "rotate", "--help"),
                elsewhere().run("keys", "rotat"),
                atTheTerminal().with("NO_COLOR", "1").run("keys", "list"),
                atTheTerminal().with("NO_COLOR", "1").run("keys", "rotate", "--help"),
                atTheTerminal().with("NO_COLOR", "1").run("keys", "rotat"),
                atTheTerminal().run("keys", "list", "--json"),
                atTheTerminal().run("keys", "rotat", "--json"));

        assertThat(plain)
                .allSatisfy(result -> assertThat(result.out() + result.err()).doesNotContain("\u001b"));
        System.setProperty("jeton.terminals", "out,err");
        assertThat(Terminals.ofLauncher(Map.of("TERM", "xterm"))).isEqualTo(new Terminals(true, true));
        assertThat(Terminals.ofLauncher(Map.of("TERM", "dumb"))).isEqualTo(Terminals.NONE);
        assertThat(Terminals.ofLauncher(Map.of())).isEqualTo(Terminals.NONE);
        System.clearProperty("jeton.terminals");
    }

    @Test
    void says_each_second_what_it_waits_for_and_takes_it_back() {
        takes(2, "GET /api/v2/keys/signing", "[]");

        assertThat(visible(atTheTerminal().run("keys", "list").err()))
                .isEqualTo(
                        "<waiting for %1$s to list the signing keys, 1 s^[K<waiting for %1$s to list the signing keys, 2 s^[K<^[K"
                                .formatted(server.issuer()));
        assertThat(ticks).isEmpty();
    }

    @Test
    void says_how_far_a_long_list_is_read() {
        takes(
                0,
                "GET /api/v2/client-grants?take=100",
                "{\"client_grants\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"next\":\"x\"}");
        takes(1, "GET /api/v2/client-grants?take=100&from=x", "{\"client_grants\":[]}");

        assertThat(visible(atTheTerminal().run("grants", "list").err()))
                .isEqualTo("<list the grants: 2 read so far, 1 s^[K<^[K");
    }

    @Test
    void keeps_to_one_line_of_what_somebody_else_wrote() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Progress progress =
                new Progress(new Output(new PrintStream(printed, true, StandardCharsets.UTF_8), false), true, tick -> {
                    ticks.add(tick);
                    return () -> {};
                });

        progress.during("importing \u001b[2J" + "x".repeat(100));
        ticks.forEach(Runnable::run);

        assertThat(visible(printed.toString(StandardCharsets.UTF_8)))
                .isEqualTo("<importing \\u001b[2J" + "x".repeat(51) + ", 1 s^[K");
    }

    @Test
    void does_not_say_so_to_a_program() {
        takes(2, "GET /api/v2/keys/signing", "[]");

        assertThat(atTheTerminal().run("keys", "list", "--json").err()).isEmpty();
        assertThat(elsewhere().run("keys", "list").err()).isEmpty();
    }
}
