package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.ServerNode.Job;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import dev.jeton.storage.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Changes on one node while another node's change takes long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingWritersTest {
    private static final int WORKERS = 16;
    /** As {@link Database} has it. */
    private static final long WRITER_LOCK = 0x6a65746f6eL;

    private final Database.PostgreSql server = TestPostgres.freshDatabase();
    private ServerNode node;

    @SuppressWarnings("NullAway.Init") // started before all tests
    WaitingWritersTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        node = new ServerNode(folder.resolve("data"), server, Map.of("JETON_WORKERS", Integer.toString(WORKERS)));
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** As a transaction of another node that goes on until it is closed. */
    private AutoCloseable slowChange() throws SQLException {
        var connection = DriverManager.getConnection(server.url(), server.user(), server.password());
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_lock(" + WRITER_LOCK + ")");
        }
        return connection;
    }

    private int waiting() throws SQLException {
        try (var connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                var statement = connection.createStatement();
                var found = statement.executeQuery("select count(*) from pg_locks where locktype = 'advisory'"
                        + " and objid = " + (WRITER_LOCK & 0xffffffffL) + " and not granted and database ="
                        + " (select oid from pg_database where datname = current_database())")) {
            found.next();
            return found.getInt(1);
        }
    }

    @Test
    void tokens_are_given_while_as_many_changes_wait_as_there_are_workers() throws Exception {
        Job job = node.createJob("job");
        String token = node.administratorToken();
        List<Future<HttpResponse<String>>> changes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
            try (AutoCloseable _ = slowChange()) {
                for (int i = 0; i < WORKERS; i++) {
                    changes.add(threads.submit(() -> node.manage(
                            token, "PATCH", "clients/" + job.clientId(), Map.of("description", "changed"))));
                }
                Await.until("one waits for the other node's", () -> waiting() > 0);
                long began = System.nanoTime();
                Await.until(
                        "the registry would be stale",
                        () -> System.nanoTime() - began > 3 * ChangeFeed.MOST_STALE.toNanos() / 2);
                Await.until("a token", () -> node.token(job).statusCode() == 200);
                assertThat(waiting()).isPositive();
            }
            for (Future<HttpResponse<String>> change : changes) {
                assertThat(change.get().statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_change_that_waited_is_refused_if_its_caller_may_make_it_no_more() throws Exception {
        JsonNode manager = node.managed("POST", "clients", Map.of("name", "manager", "app_type", "non_interactive"));
        String id = manager.path("client_id").asString();
        String audience = ServerNode.ISSUER + "api/v2/";
        node.managed(
                "POST",
                "client-grants",
                Map.of("client_id", id, "audience", audience, "scope", List.of("read:clients", "create:clients")));
        String token = ServerNode.accessToken(
                node.token(id, manager.path("client_secret").asString(), audience));
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<HttpResponse<String>> change;
            try (AutoCloseable _ = slowChange()) {
                change = threads.submit(() -> node.manage(token, "POST", "clients", Map.of("name", "too late")));
                Await.until("it waits", () -> waiting() == 1);
                long began = System.nanoTime();
                TestDatabase.execute(
                        server,
                        "delete from client_grants where client_id = '" + id
                                + "'; insert into changes (entity, id) values ('client_grant', '" + id + "')");
                Await.until(
                        "its rights are gone",
                        () -> node.manage(token, "GET", "clients", null).statusCode() == 401);
                Await.until("that was long ago", () -> System.nanoTime() - began > ChangeFeed.MOST_STALE.toNanos());
            }
            assertThat(change.get().statusCode()).isEqualTo(401);
            assertThat(change.get().headers().firstValue("WWW-Authenticate")).isPresent();
        }
        assertThat(node.managed("GET", "clients", null).toString()).doesNotContain("too late");
    }
}
