package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.ServerNode.Job;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import dev.jeton.storage.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answers while its PostgreSQL is away, and that it goes on by itself afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostDatabaseTest {
    /** Within a few seconds: longer than any single timeout, far shorter than a client's patience. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(8);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Database.PostgreSql server = TestPostgres.freshDatabase();
    /** From where the server is steered while its own database is away. */
    private final Database.PostgreSql elsewhere = TestPostgres.freshDatabase();

    private final Set<String> issued = ConcurrentHashMap.newKeySet();
    private ServerNode node;
    private Job job;

    @SuppressWarnings("NullAway.Init") // started before all tests
    LostDatabaseTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        node = new ServerNode(folder.resolve("data"), server);
        job = node.createJob("job");
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** Whatever a test did, in the end every token that was given out stands in the log. */
    @AfterEach
    void recovers_and_has_recorded_every_token() {
        Await.until("tokens are issued again", () -> token().statusCode() == 200);
        Await.until("the server is ready again", () -> node.get("health/ready").statusCode() == 200);
        try (Database database = Database.postgreSql(server)) {
            List<String> recorded = database.<List<String>, RuntimeException>read(
                    handle -> handle.createQuery("select jti from token_events where jti is not null")
                            .mapTo(String.class)
                            .list());
            assertThat(new HashSet<>(recorded)).containsAll(issued);
        }
    }

    private HttpResponse<String> token() {
        long asked = System.nanoTime();
        HttpResponse<String> response = node.token(job);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(ANSWERED_WITHIN);
        if (response.statusCode() == 200) {
            String payload = ServerNode.accessToken(response).split("\\.", -1)[1];
            issued.add(JSON.readTree(Base64.getUrlDecoder().decode(payload))
                    .path("jti")
                    .asString());
        } else {
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(JSON.readTree(response.body()).path("error").asString()).isEqualTo("temporarily_unavailable");
        }
        return response;
    }

    @Test
    void connections_that_are_cut_under_requests_cost_some_answers_and_nothing_else() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> asking = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                asking.add(threads.submit(() -> {
                    while (!enough.get()) {
                        statuses.add(token().statusCode());
                        answers.incrementAndGet();
                    }
                }));
            }
            for (int cut = 0; cut < 3; cut++) {
                int before = answers.get();
                Await.until("some are answered", () -> answers.get() > before + 20);
                TestDatabase.cutConnections(server);
            }
            int before = answers.get();
            Await.until("some are answered", () -> answers.get() > before + 20);
            enough.set(true);
            for (Future<?> thread : asking) {
                thread.get();
            }
        }
        assertThat(statuses).contains(200);
    }

    @Test
    void a_database_that_refuses_connections_is_answered_with_503_until_it_takes_them_again() {
        String name = TestDatabase.name(server);
        String managementToken = node.administratorToken();
        TestDatabase.execute(elsewhere, "alter database " + name + " allow_connections false");
        try {
            TestDatabase.execute(
                    elsewhere, "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");

            Await.until("the outage is noticed", () -> token().statusCode() == 503);
            requireAnswersOfAnOutage(managementToken);
        } finally {
            TestDatabase.execute(elsewhere, "alter database " + name + " allow_connections true");
        }
    }

    private void requireAnswersOfAnOutage(String managementToken) {
        HttpResponse<String> ready = node.get("health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(reasons(ready)).anyMatch(reason -> reason.startsWith("the audit log cannot be written: "));
        Await.until(
                "it says that it is stale",
                () -> reasons(node.get("health/ready")).contains("the registry in memory is older than 1000 ms"));
        assertThat(node.manage(managementToken, "GET", "clients", null).statusCode())
                .isEqualTo(503);
        assertThat(node.manage(managementToken, "DELETE", "clients/" + job.clientId(), null)
                        .statusCode())
                .isEqualTo(503);
        assertThat(token().statusCode()).isEqualTo(503);
        assertThat(node.get("health/live").statusCode()).isEqualTo(200);
    }

    private static List<String> reasons(HttpResponse<String> ready) {
        List<String> reasons = new ArrayList<>();
        for (JsonNode reason : JSON.readTree(ready.body()).path("reasons")) {
            reasons.add(reason.asString());
        }
        return reasons;
    }

    @Test
    void a_database_that_says_nothing_is_answered_with_503_until_it_speaks_again() throws Exception {
        List<Long> backends = backends();
        signal("STOP", backends);
        try {
            Await.until("the outage is noticed", () -> token().statusCode() == 503);
            assertThat(token().statusCode()).isEqualTo(503);
            assertThat(node.get("health/ready").statusCode()).isEqualTo(503);
        } finally {
            signal("CONT", backends);
        }
    }

    /** The processes of PostgreSQL that serve our database, after the one that would start more. */
    private List<Long> backends() {
        try (Database database = Database.postgreSql(elsewhere)) {
            List<Long> pids = new ArrayList<>();
            pids.add(database.<Long, RuntimeException>read(
                    handle -> ProcessHandle.of(handle.createQuery("select pg_backend_pid()")
                                    .mapTo(Long.class)
                                    .one())
                            .flatMap(ProcessHandle::parent)
                            .orElseThrow()
                            .pid()));
            pids.addAll(database.<List<Long>, RuntimeException>read(
                    handle -> handle.createQuery("select pid from pg_stat_activity where datname = :name")
                            .bind("name", TestDatabase.name(server))
                            .mapTo(Long.class)
                            .list()));
            return pids;
        }
    }

    private static void signal(String signal, List<Long> pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
