package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.PostgresServer;
import dev.jeton.e2e.TokenLoad;
import dev.jeton.e2e.TokenLoad.Answer;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server under load answers while its PostgreSQL is away, and that it goes on by itself afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostPostgresTest {
    /** Longer than the statement, the connection and the look at it that one request may wait for. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);

    private PostgresStorage storage;
    private PostgresServer postgres;
    private MortalServer server;
    private ManagementApi api;
    private Job job;
    private int outages;

    /** What happens to the database. */
    private interface Event {
        void happen() throws Exception;
    }

    @SuppressWarnings("NullAway.Init") // started before all tests
    LostPostgresTest() {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        storage = new PostgresStorage(folder);
        postgres = storage.server();
        server = new MortalServer(folder, storage.settings());
        server.start();
        api = new ManagementApi(server.base());
        job = api.createJob("load");
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        storage.close();
    }

    @Test
    void one_that_is_killed_is_answered_with_503_until_it_is_back() throws Exception {
        outage("killed", postgres::kill, this::requireAnswersOfAnOutage, postgres::startAgain);
    }

    @Test
    void one_that_restarts_costs_some_answers_and_nothing_else() throws Exception {
        outage(
                "restarted",
                () -> {
                    postgres.stop();
                    postgres.startAgain();
                },
                () -> {},
                () -> {});
    }

    @Test
    void one_that_says_nothing_is_answered_with_503_until_it_speaks_again() throws Exception {
        outage(
                "paused",
                postgres::pause,
                () -> assertThat(server.get("health/ready").statusCode()).isEqualTo(503),
                postgres::resume);
    }

    @Test
    void one_whose_disk_is_full_is_answered_with_503_until_there_is_room() throws Exception {
        postgres.execute("""
                create function no_room() returns trigger language plpgsql as
                    $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$""");
        outage(
                "full",
                () -> {
                    postgres.execute("create trigger no_room before insert on changes execute function no_room()");
                    postgres.execute("create trigger no_room before insert on token_events execute function no_room()");
                },
                () -> {
                    assertThat(reasons(server.get("health/ready")))
                            .containsExactly("the audit log cannot be written: the database's disk is full: make room,"
                                    + " the server goes on by itself");
                    requireNoChanges();
                },
                () -> {
                    postgres.execute("drop trigger no_room on token_events");
                    postgres.execute("drop trigger no_room on changes");
                });
    }

    /**
     * Under load, takes the database away until requests are refused and gives it back. What was withdrawn just before, a
     * grant or a secret in turn, gives nobody a token, every token is right and has its record, and every change that was
     * acknowledged is there.
     */
    private void outage(String name, Event begins, Event during, Event ends) throws Exception {
        Job withdrawn = api.createJob("withdrawn-" + ++outages);
        boolean grantIsWithdrawn = outages % 2 == 0;
        TokenLoad tokens = TokenLoad.start(server.base(), job, 2);
        TokenLoad others = TokenLoad.start(server.base(), withdrawn, 1);
        RegistryLoad changes = RegistryLoad.start(api, job, new Random(outages), "ES256");
        long withdrawnNanos;
        long endedNanos;
        long againNanos;
        try (tokens;
                others;
                changes) {
            Await.until("all are busy", () -> tokens.count() > 20 && others.count() > 5 && changes.acknowledged() > 5);
            if (grantIsWithdrawn) {
                api.delete("client-grants/" + withdrawn.grantId());
            } else {
                api.post("clients/" + withdrawn.clientId() + "/rotate-secret", Map.of());
            }
            withdrawnNanos = System.nanoTime();
            begins.happen();
            long begunNanos = System.nanoTime();
            Await.until(
                    "one is refused",
                    () -> anyWithin(tokens, 503, withdrawnNanos) || anyWithin(tokens, 200, begunNanos));
            during.happen();
            endedNanos = System.nanoTime();
            ends.happen();
            Await.until("tokens are issued", () -> anyWithin(tokens, 200, endedNanos));
            againNanos = System.nanoTime();
            int before = changes.acknowledged();
            Await.until("changes are made", () -> changes.acknowledged() > before);
            Await.until("it is ready", () -> server.get("health/ready").statusCode() == 200);
        }
        requireRightTokens(tokens.answers());
        assertThat(others.answers())
                .filteredOn(answer -> answer.askedNanos() > withdrawnNanos)
                .extracting(Answer::status)
                .isSubsetOf(grantIsWithdrawn ? Set.of(403, 503) : Set.of(401, 429, 503));
        List<Answer> all = new ArrayList<>(tokens.answers());
        // A stranger's refusals are counted together.
        others.answers().stream()
                .filter(answer -> answer.status() != 401 && answer.status() != 429)
                .forEach(all::add);
        Duration longest =
                all.stream().map(Answer::took).max(Comparator.naturalOrder()).orElseThrow();
        System.out.printf(
                "%s: tokens again %d ms after the end began, longest wait for an answer %d ms%n",
                name, Duration.ofNanos(againNanos - endedNanos).toMillis(), longest.toMillis());
        assertThat(tokens.cutOff()).isEmpty();
        assertThat(others.cutOff()).isEmpty();
        Answers.requireRecorded(all, storage.tokenRecords());
        assertThat(longest).isLessThan(ANSWERED_WITHIN);
        changes.requireKept();
        storage.requireSound();
    }

    private static boolean anyWithin(TokenLoad load, int status, long sinceNanos) {
        return load.answers().stream()
                .anyMatch(answer -> answer.status() == status && answer.askedNanos() > sinceNanos);
    }

    private void requireRightTokens(List<Answer> answers) {
        AccessTokenVerifier verifier =
                AccessTokenVerifier.forIssuer(server.base(), job.audience()).build();
        for (Answer answer : answers) {
            if (answer.status() == 200) {
                String token = JsonMapper.shared()
                        .readTree(answer.body())
                        .path("access_token")
                        .asString();
                AccessToken verified = verifier.verify(token).orElseThrow();
                assertThat(verified.clientId()).contains(job.clientId());
                assertThat(verified.audience()).containsExactly(job.audience());
                assertThat(verified.scopes()).containsExactly("read:load");
            }
        }
    }

    private void requireAnswersOfAnOutage() throws Exception {
        Await.until(
                "it says that it is stale",
                () -> reasons(server.get("health/ready")).contains("the registry in memory is older than 1000 ms"));
        assertThat(reasons(server.get("health/ready")))
                .anyMatch(reason -> reason.startsWith("the database does not answer"));
        requireNoChanges();
        assertThat(server.get("health/live").statusCode()).isEqualTo(200);
        assertThat(server.get(".well-known/jwks.json").statusCode()).isEqualTo(200);
        assertThat(server.get(".well-known/openid-configuration").statusCode()).isEqualTo(200);
    }

    private void requireNoChanges() {
        HttpResponse<String> refused = api.call("DELETE", "clients/" + job.clientId(), Map.of());
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
    }

    private static List<String> reasons(HttpResponse<String> ready) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode reason : JsonMapper.shared().readTree(ready.body()).path("reasons")) {
            reasons.add(reason.asString());
        }
        return reasons;
    }
}
