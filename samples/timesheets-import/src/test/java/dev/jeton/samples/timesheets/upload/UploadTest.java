package dev.jeton.samples.timesheets.upload;

import static dev.jeton.samples.timesheets.upload.JobRun.HEADER;
import static dev.jeton.samples.timesheets.upload.JobRun.entries;
import static dev.jeton.samples.timesheets.upload.JobRun.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.samples.timesheets.upload.FakeServers.Reply;
import dev.jeton.samples.timesheets.upload.JobRun.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job against servers that work, refuse, tire and fail. */
class UploadTest {
    @TempDir
    Path folder;

    private final FakeServers servers = new FakeServers();
    private JobRun job;

    @BeforeEach
    void start() {
        job = new JobRun(folder, servers.environment());
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    @Test
    void uploads_every_entry_with_one_token() {
        Result result = job.upload(entries(25));

        assertThat(result).isEqualTo(new Result(0, """
                created        25
                already there  0
                refused        0
                not sent       0
                seconds        0.0
                tokens fetched 1
                """, ""));
        assertThat(servers.stored()).hasSize(25);
        assertThat(servers.tokenRequests()).isEqualTo(1);
    }

    @Test
    void sends_an_entry_as_it_is_in_the_file() {
        job.upload(HEADER + "\"ext \"\"1\"\"\",007,2026-11-20T09:00:00+01:00,\"Light, house é\",7.25\n");

        assertThat(servers.stored().get(0)).hasToString("""
                {"entry_id":"ext \\"1\\"","user_id":"007","date":"2026-11-20T09:00:00+01:00",\
                "project":"Light, house é","hours":7.25,"id":14,"approved":false}""");
    }

    @Test
    void names_each_timesheet_only_if_asked_to() {
        assertThat(job.upload(entries(2), "--verbose").out())
                .contains("Created timesheet 14 for employee 007.\n", "Created timesheet 15 for employee 007.\n");
        assertThat(job.upload(entries(3)).out()).doesNotContain("Created timesheet");
    }

    @Test
    void counts_what_an_earlier_run_has_uploaded() {
        job.upload(entries(10));

        Result result = job.upload(entries(12));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("created        2\n", "already there  10\n");
        assertThat(servers.stored()).hasSize(12);
    }

    @Test
    void goes_on_after_an_entry_that_is_refused_and_says_why() {
        job.upload(entries(1));

        Result result = job.upload(HEADER
                + "ext-1,007,2026-11-20T09:00:00Z,Lighthouse,2\n"
                + "ext-2,007,2026-11-20T09:00:00Z,Unknown,2\n"
                + entry(3));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains(
                        "created        1\n",
                        "refused        2\n",
                        "  line 2, ext-1: 409 conflict (This entry_id is there with other content)\n",
                        "  line 3, ext-2: 400 invalid_entry (There is no such project), field project\n",
                        "not sent       0\n")
                .doesNotContain("Run it again");
    }

    @Test
    void tells_the_first_twenty_that_are_refused() {
        servers.insteadOfUpload(number -> Optional.of(Reply.error(400, "invalid_entry", "no")));

        Result result = job.upload(entries(30));

        assertThat(result.out())
                .contains("refused        30\n", "line 21, ext-20:", "  and 10 more\n")
                .doesNotContain("line 22,");
    }

    @Test
    void repeats_no_control_character_of_the_api() {
        servers.insteadOfUpload(number -> Optional.of(Reply.error(400, "invalid_entry", "\\u001b[2J\\nforged")));

        assertThat(job.upload(entries(1)).out()).contains("(?[2J?forged)");
    }

    @Test
    void fetches_a_new_token_once_when_the_api_refuses_the_one_it_has() {
        servers.withdraw("token-1");

        Result result = job.upload(entries(3));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("created        3\n", "tokens fetched 2\n");
        assertThat(servers.tokenRequests()).isEqualTo(2);
    }

    @Test
    void stops_when_a_new_token_is_refused_too() {
        servers.insteadOfUpload(number -> Optional.of(Reply.error(401, "invalid_token", "wrong audience")));

        Result result = job.upload(entries(3));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("does not take a new token either: 401 invalid_token (wrong audience)")
                .contains("does it trust " + servers.url() + "/ and tokens for https://timesheets.example.com");
        assertThat(result.out()).contains("not sent       3\n", "Run it again to go on");
        assertThat(servers.uploads()).isEqualTo(2);
        assertThat(servers.tokenRequests()).isEqualTo(2);
    }

    @Test
    void stops_when_the_scope_is_missing_and_says_how_to_grant_it() {
        servers.insteadOfUpload(number -> Optional.of(Reply.error(403, "insufficient_scope", "no")
                .with(
                        "WWW-Authenticate",
                        "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"batch:upload\"")));

        Result result = job.upload(entries(3));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("the token lacks the scope batch:upload")
                .contains(
                        "jeton grants create --app import-job --api https://timesheets.example.com --scope batch:upload");
        assertThat(servers.uploads()).isEqualTo(1);
    }

    @Test
    void names_each_scope_that_is_missing() {
        servers.insteadOfUpload(number -> Optional.of(
                Reply.of(403, "").with("WWW-Authenticate", "Bearer scope=\"batch:upload read:timesheets\"")));

        assertThat(job.upload(entries(1)).err()).contains("--scope batch:upload --scope read:timesheets (or");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer scope=\"a; rm -r x\"", "Bearer scope=\"$(x)\"", "Bearer scope=\"\"", "Bearer scope=a"})
    void puts_nothing_into_a_command_that_is_no_scope(String challenge) {
        servers.insteadOfUpload(number -> Optional.of(Reply.of(403, "").with("WWW-Authenticate", challenge)));

        assertThat(job.upload(entries(1)).err())
                .contains("does not say which scope it needs")
                .doesNotContain("rm -r");
    }

    @Test
    void stops_at_403_even_if_the_api_does_not_say_what_is_missing() {
        servers.insteadOfUpload(number -> Optional.of(Reply.of(403, "")));

        assertThat(job.upload(entries(3)).err()).contains("does not say which scope it needs");
        assertThat(servers.uploads()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void tries_again_when_the_api_cannot_now(int status) {
        servers.insteadOfUpload(
                number -> number < 4 ? Optional.of(Reply.of(status, "").with("Retry-After", "7")) : Optional.empty());

        Result result = job.upload(entries(2));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("waiting 7000 ms: the Timesheets API: it answered " + status);
        assertThat(job.pauses()).hasSize(3).containsOnly(Duration.ofSeconds(7));
    }

    @Test
    void waits_until_the_date_that_the_api_names() {
        servers.insteadOfUpload(number -> number == 1
                ? Optional.of(Reply.of(503, "").with("Retry-After", "Thu, 26 Nov 2026 08:01:00 GMT"))
                : Optional.empty());

        job.upload(entries(1));

        assertThat(job.pauses()).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void stops_when_the_api_asks_for_a_long_wait() {
        servers.insteadOfUpload(
                number -> number == 3 ? Optional.of(Reply.of(429, "").with("Retry-After", "301")) : Optional.empty());

        Result result = job.upload(entries(5));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("stopped: the Timesheets API: it answered 429");
        assertThat(result.out()).contains("created        2\n", "not sent       3\n", "Run it again to go on");
        assertThat(job.pauses()).isEmpty();
    }

    @Test
    void stops_when_the_api_stays_down() {
        servers.insteadOfUpload(number -> Optional.of(Reply.of(503, "")));

        Result result = job.upload(entries(5));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(servers.uploads()).isEqualTo(8);
        assertThat(result.out()).contains("not sent       5\n");
    }

    @Test
    void stops_when_nothing_answers_at_the_address() {
        Map<String, String> environment = new HashMap<>(servers.environment());
        environment.put("TIMESHEETS_URL", "http://127.0.0.1:1");

        Result result = new JobRun(folder, environment).upload(entries(5));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("stopped: the Timesheets API: no connection, or it broke (ConnectException)");
    }

    @Test
    void doubles_nothing_when_an_entry_was_stored_but_its_answer_lost() {
        servers.afterUpload(number -> number == 2 ? Optional.of(Reply.of(502, "")) : Optional.empty());

        Result result = job.upload(entries(3));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("created        2\n", "already there  1\n");
        assertThat(servers.stored()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Welcome</html>",
                "",
                "{}",
                "[]",
                "{\"entry_id\":\"ext-1\"}",
                "{\"entry_id\":\"ext-2\",\"id\":14}",
                "{\"entry_id\":\"ext-1\",\"id\":\"14\"}"
            })
    void takes_no_other_answer_for_a_stored_entry(String body) {
        servers.insteadOfUpload(number -> Optional.of(Reply.of(200, body)));

        Result result = job.upload(entries(2));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("is not the Timesheets API", "200 without the stored entry", "is TIMESHEETS_URL right?");
        assertThat(servers.uploads()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {202, 301, 307, 404, 405, 413, 415})
    void stops_at_an_answer_that_the_api_does_not_give(int status) {
        servers.insteadOfUpload(
                number -> Optional.of(Reply.of(status, "").with("Location", servers.url() + "/elsewhere")));

        assertThat(job.upload(entries(2)).err()).contains("is not the Timesheets API", ": " + status + ";");
        assertThat(servers.uploads()).isEqualTo(1);
    }

    @Test
    void stops_at_a_400_that_is_not_about_the_entry() {
        servers.insteadOfUpload(number -> Optional.of(Reply.error(400, "invalid_request", "two tokens")));

        assertThat(job.upload(entries(2)).err()).contains("400 invalid_request (two tokens)");
        assertThat(servers.uploads()).isEqualTo(1);
    }

    @Test
    void breaks_off_an_answer_without_end() {
        servers.insteadOfUpload(number -> Optional.of(Reply.of(200, " ".repeat(5_000_000))));

        assertThat(job.upload(entries(2)).err()).contains("200 without the stored entry");
    }

    @Test
    void stops_when_the_server_refuses_the_client_and_says_what_to_mend() {
        servers.insteadOfToken(number -> Optional.of(Reply.error(401, "access_denied", "Unauthorized")));

        Result result = job.upload(entries(2));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("401 access_denied (Unauthorized)", "Check the client id and its secret")
                .doesNotContain("the-secret-of-the-job");
        assertThat(servers.uploads()).isZero();
        assertThat(servers.tokenRequests()).isEqualTo(1);
    }

    @Test
    void stops_when_the_server_asks_for_a_long_wait_before_the_first_token() {
        servers.insteadOfToken(number -> Optional.of(Reply.of(429, "").with("Retry-After", "3600")));

        Result result = job.upload(entries(2));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("it answered 429");
        assertThat(servers.tokenRequests()).isEqualTo(1);
    }

    @Test
    void stops_after_the_entry_under_way_when_told_to() {
        servers.afterUpload(number -> {
            if (number == 2) {
                job.stop().ask();
            }
            return Optional.empty();
        });

        Result result = job.upload(entries(5));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("stopped: told to stop");
        assertThat(result.out()).contains("created        2\n", "not sent       3\n", "Run it again to go on");
    }

    @Test
    void stops_during_a_pause_when_told_to() {
        servers.insteadOfUpload(number -> {
            job.stop().ask();
            return Optional.of(Reply.of(503, ""));
        });

        assertThat(job.upload(entries(5)).err()).contains("stopped: told to stop");
        assertThat(servers.uploads()).isEqualTo(1);
    }

    @Test
    void says_how_far_it_is_in_a_line_for_each_tenth() {
        Result result = job.ticking(Duration.ofSeconds(2)).upload(entries(100));

        assertThat(result.out().lines().filter(line -> line.contains(" of ")))
                .containsExactly(
                        "10 of 100 entries",
                        "20 of 100 entries",
                        "30 of 100 entries",
                        "40 of 100 entries",
                        "50 of 100 entries",
                        "60 of 100 entries",
                        "70 of 100 entries",
                        "80 of 100 entries",
                        "90 of 100 entries",
                        "100 of 100 entries");
    }

    @Test
    void says_so_no_more_often_than_once_a_second() {
        Result result = job.ticking(Duration.ofMillis(40)).upload(entries(100));

        assertThat(result.out().lines().filter(line -> line.contains(" of ")))
                .containsExactly("25 of 100 entries", "50 of 100 entries", "75 of 100 entries", "100 of 100 entries");
    }

    @Test
    void keeps_to_one_line_that_changes_on_a_terminal() {
        Result result = job.onTerminal().ticking(Duration.ofSeconds(1)).upload(entries(3));

        assertThat(result.out())
                .startsWith(
                        "\r\u001b[K1 of 3 entries\r\u001b[K2 of 3 entries\r\u001b[K3 of 3 entries\r\u001b[Kcreated ");
    }

    @Test
    void uploads_the_entries_that_come_with_the_sample() {
        Result result = job.run("entries.csv");

        assertThat(result.exitCode()).isZero();
        assertThat(servers.stored()).hasSize(40);
        assertThat(servers.sentAgain()).isEmpty();
    }
}
