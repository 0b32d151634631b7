package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsCommandTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String event(int id) {
        return "{\"log_id\":\"" + id + "\",\"date\":\"2026-11-23T17:15:30.123Z\",\"type\":\"seccft\","
                + "\"description\":\"Client Credentials for Access Token\",\"client_id\":\"app1\","
                + "\"client_name\":\"Billing\",\"audience\":\"urn:api\",\"ip\":\"203.0.113.7\"}";
    }

    private static String events(int... ids) {
        List<String> events =
                Arrays.stream(ids).mapToObj(LogsCommandTest::event).toList();
        return "[" + String.join(",", events) + "]";
    }

    /** Lets a number of pauses pass, then stops as Ctrl-C would. */
    static Shell.Pause times(int pauses) {
        int[] left = {pauses};
        return _ -> left[0]-- > 0;
    }

    @Test
    void shows_the_latest_events_newest_last() {
        server.on("GET /api/v2/logs?per_page=2&page=0&sort=date%3A-1", 200, events(9, 8));

        Result result = CommandLineRun.against(server, folder).run("logs", "--take", "2", "--json");

        assertThat(result.out().lines().map(line -> Json.text(Json.parse(line), "log_id")))
                .containsExactly("8", "9");
    }

    @Test
    void says_the_type_in_a_plain_word() {
        server.on("GET /api/v2/logs", 200, events(9));

        assertThat(CommandLineRun.against(server, folder).run("logs").out())
                .isEqualTo("2026-11-23 17:15:30Z  seccft  token issued        Billing  for urn:api"
                        + "  Client Credentials for Access Token  203.0.113.7\n");
    }

    @Test
    void pages_when_more_are_wanted_than_a_page_holds() {
        server.on(
                "GET /api/v2/logs?per_page=100&page=0&sort=date%3A-1",
                200, events(IntStream.rangeClosed(101, 200).toArray()));
        server.on("GET /api/v2/logs?per_page=100&page=1&sort=date%3A-1", 200, events(5, 4, 3));

        Result result = CommandLineRun.against(server, folder).run("logs", "--take", "102");

        assertThat(result.out().lines()).hasSize(102);
    }

    @Test
    void shows_an_event_once_that_a_new_one_has_moved_to_the_next_page() {
        server.on(
                "GET /api/v2/logs?per_page=100&page=0&sort=date%3A-1",
                200, events(IntStream.rangeClosed(101, 200).toArray()));
        server.on("GET /api/v2/logs?per_page=100&page=1&sort=date%3A-1", 200, events(200, 5, 4, 3));

        Result result = CommandLineRun.against(server, folder).run("logs", "--take", "103", "--json");

        assertThat(result.out().lines().map(line -> Json.text(Json.parse(line), "log_id")))
                .hasSize(103)
                .doesNotHaveDuplicates();
    }

    @Test
    void follows_from_the_last_event_it_has_shown() {
        server.on("GET /api/v2/logs?per_page=1&page=0&sort=date%3A-1", 200, events(5));
        server.on("GET /api/v2/logs?from=5&take=100", 200, events(6, 7));
        server.on("GET /api/v2/logs?from=7&take=100", 200, "[]");

        Result result = CommandLineRun.against(server, folder).pausing(times(2)).run("logs", "--take", "0", "--follow");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSize(2);
        assertThat(server.calls())
                .containsExactly(
                        "GET /api/v2/logs?per_page=1&page=0&sort=date%3A-1",
                        "GET /api/v2/logs?from=5&take=100",
                        "GET /api/v2/logs?from=7&take=100",
                        "GET /api/v2/logs?from=7&take=100");
    }

    @Test
    void asks_for_a_new_management_token_when_the_old_one_is_no_longer_accepted() {
        Deque<Reply> replies = new ArrayDeque<>(List.of(
                new Reply(200, events(5)),
                new Reply(401, "{\"statusCode\":401,\"error\":\"Unauthorized\",\"message\":\"Invalid token\"}"),
                new Reply(200, events(6))));
        server.on("GET /api/v2/logs", _ -> replies.remove());

        Result result = CommandLineRun.against(server, folder).run("logs", "--follow");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines()).hasSize(2);
        assertThat(server.tokenRequests()).hasSize(2);
    }

    @Test
    void keeps_following_while_the_server_is_away_and_says_so_once() {
        server.on("GET /api/v2/logs", 200, events(5));

        Result result = CommandLineRun.against(server, folder)
                .pausing(new Shell.Pause() {
                    private int pauses;

                    @Override
                    public boolean await(Duration duration) {
                        server.close();
                        return pauses++ < 3;
                    }
                })
                .run("logs", "--follow");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err().lines()).hasSize(1).allMatch(line -> line.endsWith("; waiting for it"));
    }

    @Test
    void refuses_more_than_can_be_paged() {
        assertThat(CommandLineRun.against(server, folder)
                        .run("logs", "--take", "1001")
                        .exitCode())
                .isEqualTo(2);
    }
}
