package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
    private static final String NEWEST = "GET /api/v2/logs?per_page=100&page=0&sort=date%3A-1";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void oneHook() {
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[{\"id\":\"h1\",\"name\":\"One\"}]}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandLineRun run() {
        return CommandLineRun.against(server, folder);
    }

    /** A line that the Hook wrote at a second. */
    private static String line(int second, String text) {
        return "{\"id\":\"" + second
                + "\",\"date\":\"2026-11-26T03:15:%02d.500Z\",\"level\":\"log\",\"text\":\"%s\",\"request_id\":null}"
                        .formatted(second, text);
    }

    private static String console(String next, String... lines) {
        return "{\"logs\":[" + String.join(",", lines) + "],\"next\":\"" + next + "\"}";
    }

    /** A token event at a second, with what was said of the runs. */
    private static String event(int second, String results) {
        return "{\"log_id\":\"e%02d\",\"date\":\"2026-11-26T03:15:%02d.600Z\",\"type\":\"seccft\",\"details\":{\"actions\":{\"executions\":[\"e\"],\"results\":[%s]}}}"
                .formatted(second, second, results);
    }

    private static String ran(String kind, String id) {
        return "{\"kind\":\"" + kind + "\",\"id\":\"" + id + "\",\"name\":\"One\",\"duration_ms\":0.42}";
    }

    private static String events(String... events) {
        return "[" + String.join(",", events) + "]";
    }

    @Test
    void puts_the_console_and_the_runs_in_the_order_of_time() {
        server.on("GET /api/v2/hooks/h1/logs?take=20", 200, console("30", line(1, "first"), line(3, "a\\nb\\u001b")));
        server.on(
                NEWEST,
                200,
                events(
                        event(
                                4,
                                "{\"kind\":\"hook\",\"id\":\"h1\",\"duration_ms\":20001,\"error\":\"Error: no\\n    at hook.js\"}"),
                        event(3, ran("action", "h1") + "," + ran("hook", "h2")),
                        event(2, ran("hook", "h1")),
                        "{\"log_id\":\"e00\",\"type\":\"sapi\",\"details\":{}}"));

        assertThat(run().run("hooks", "logs", "One")).isEqualTo(new Result(0, """
                        2026-11-26 03:15:01Z  log    first
                        2026-11-26 03:15:02Z  ran 0.42 ms  ok  e02
                        2026-11-26 03:15:03Z  log    a\\nb\\u001b
                        2026-11-26 03:15:04Z  ran 20001 ms  failed: Error: no  e04
                        """, ""));
    }

    @Test
    void shows_only_as_many_lines_as_are_wanted_of_both() {
        server.on("GET /api/v2/hooks/h1/logs?take=2", 200, console("30", line(1, "first"), line(3, "second")));
        server.on(NEWEST, 200, events(event(4, ran("hook", "h1")), event(2, ran("hook", "h1"))));

        Result result = run().run("hooks", "logs", "One", "--take", "2");

        assertThat(result.out().lines()).hasSize(2).first().asString().endsWith("second");
    }

    @Test
    void prints_an_object_a_line_as_the_server_sent_it() {
        server.on("GET /api/v2/hooks/h1/logs", 200, console("30", line(1, "first")));
        server.on(NEWEST, 200, events(event(2, ran("hook", "h1"))));

        assertThat(run().run("hooks", "logs", "One", "--json").out().lines().map(Json::parse))
                .containsExactly(Json.parse(line(1, "first")), Json.parse(event(2, ran("hook", "h1"))));
    }

    @Test
    void looks_for_runs_among_many_other_events() {
        server.on("GET /api/v2/hooks/h1/logs", 200, console("0"));
        server.on(
                NEWEST,
                200,
                IntStream.range(0, 100).mapToObj(i -> event(5, "")).collect(Collectors.joining(",", "[", "]")));
        server.on("GET /api/v2/logs?per_page=100&page=1&sort=date%3A-1", 200, events(event(2, ran("hook", "h1"))));

        assertThat(run().run("hooks", "logs", "One").out()).isEqualTo("2026-11-26 03:15:02Z  ran 0.42 ms  ok  e02\n");
    }

    @Test
    void stops_looking_where_the_log_can_be_paged_no_further() {
        List<String> pages = new ArrayList<>();
        String full = IntStream.range(0, 100).mapToObj(i -> event(5, "")).collect(Collectors.joining(",", "[", "]"));
        server.on("GET /api/v2/hooks/h1/logs", 200, console("0"));
        server.on("GET /api/v2/logs", request -> {
            pages.add(request.target());
            return new Reply(200, full);
        });

        assertThat(run().run("hooks", "logs", "One").out())
                .isEqualTo("The Hook 'One' has written nothing and run for no token yet.\n");
        assertThat(pages).hasSize(10);
    }

    @Test
    void follows_both_from_where_they_were() {
        server.on("GET /api/v2/hooks/h1/logs?take=1", 200, console("10", line(1, "old")));
        server.on(NEWEST, 200, events(event(2, ran("hook", "h1"))));
        server.on("GET /api/v2/hooks/h1/logs?from=10&take=100", 200, console("20", line(5, "later")));
        server.on("GET /api/v2/hooks/h1/logs?from=20&take=100", 200, console("20"));
        server.on(
                "GET /api/v2/logs?from=e02&take=100",
                200,
                events(event(3, ran("hook", "h2")), event(4, ran("hook", "h1"))));
        server.on("GET /api/v2/logs?from=e04&take=100", 200, "[]");

        Result result = run().pausing(LogsCommandTest.times(1)).run("hooks", "logs", "One", "--take", "0", "--follow");

        assertThat(result).isEqualTo(new Result(0, """
                        2026-11-26 03:15:04Z  ran 0.42 ms  ok  e04
                        2026-11-26 03:15:05Z  log    later
                        """, ""));
        assertThat(server.calls())
                .endsWith("GET /api/v2/hooks/h1/logs?from=20&take=100", "GET /api/v2/logs?from=e04&take=100");
    }

    @Test
    void looks_again_at_once_when_there_was_more_than_a_page() {
        String[] lines = IntStream.range(0, 100).mapToObj(i -> line(5, "x")).toArray(String[]::new);
        server.on("GET /api/v2/hooks/h1/logs?take=20", 200, console("0"));
        server.on("GET /api/v2/hooks/h1/logs?from=0&take=100", 200, console("100", lines));
        server.on("GET /api/v2/hooks/h1/logs?from=100&take=100", 200, console("101", line(6, "last")));
        server.on("GET /api/v2/logs", 200, "[]");

        Result result = run().run("hooks", "logs", "One", "--follow"); // without a single pause

        assertThat(result.out().lines()).hasSize(101);
    }

    @Test
    void loses_no_line_when_only_one_of_both_can_be_read() {
        server.on("GET /api/v2/hooks/h1/logs?take=20", 200, console("10"));
        server.on("GET /api/v2/hooks/h1/logs?from=10&take=100", 200, console("20", line(5, "kept")));
        server.on("GET /api/v2/hooks/h1/logs?from=20&take=100", 200, console("20"));
        server.on(NEWEST, 200, events(event(2, "")));
        server.on("GET /api/v2/logs?from=e02&take=100", _ -> {
            throw new IllegalStateException("the connection breaks");
        });
        Shell.Pause once = LogsCommandTest.times(1);

        Result result = run().pausing(duration -> {
                    server.on("GET /api/v2/logs?from=e02&take=100", 200, "[]");
                    return once.await(duration);
                })
                .run("hooks", "logs", "One", "--follow");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("2026-11-26 03:15:05Z  log    kept\n");
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.endsWith("; waiting for it"));
    }

    @Test
    void ends_when_the_hook_is_deleted() {
        server.on("GET /api/v2/hooks/h1/logs?take=20", 200, console("10"));
        server.on("GET /api/v2/logs", 200, "[]");
        server.on("GET /api/v2/hooks/h1/logs?from=10&take=100", 404, """
                {"statusCode":404,"error":"Not Found","message":"Error: Hook does not exist","errorCode":"HookDoesNotExist"}""");

        assertThat(run().run("hooks", "logs", "One", "--follow")).isEqualTo(new Result(1, "", """
                        jeton: cannot read the log of the Hook: Error: Hook does not exist
                          see the Hooks with jeton hooks list
                        """));
    }

    @Test
    void refuses_more_lines_than_the_server_gives() {
        assertThat(run().run("hooks", "logs", "One", "--take", "101").exitCode())
                .isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }
}
