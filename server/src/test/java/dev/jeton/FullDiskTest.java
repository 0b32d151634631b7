package dev.jeton;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.jeton.config.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A data folder on a disk of its own, which is full for a while. */
class FullDiskTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(8);
    private static final String REASON = "the disk is full: make room, the server goes on by itself";

    /** What the server says in its log while a test runs. */
    private static final class Heard extends AppenderBase<ILoggingEvent> {
        private final ConcurrentLinkedQueue<String> messages = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }
    }

    private final Path disk;
    private final Path ballast;
    private final Heard log = new Heard();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Set<String> issued = new HashSet<>();

    FullDiskTest(@TempDir Path folder) {
        this.disk = folder;
        this.ballast = folder.resolve("ballast");
    }

    @BeforeEach
    void mount() throws Exception {
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()))
                .as("a small file system can be mounted, which takes root")
                .isZero();
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void unmount() throws Exception {
        root.detachAppender(log);
        run("umount", disk.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException _) {
            return -1; // no such program
        }
    }

    private void fillDisk() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast, CREATE, APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    @Test
    void answers_503_while_it_is_full_and_goes_on_when_there_is_room() throws Exception {
        Path data = disk.resolve("data");
        try (TestServer server = TestServer.startOn(data, Map.of(), new MutableClock(TestServer.START))) {
            JsonNode job = job(server);
            assertThat(token(server, job).statusCode()).isEqualTo(200);
            int clients = clients(server);

            fillDisk();

            // What the files have room for inside may still be written.
            Await.until("tokens are refused", () -> token(server, job).statusCode() == 503);
            // The refused group gave back the room of its write-ahead log.
            fillDisk();
            assertThat(token(server, job).statusCode()).isEqualTo(503);
            HttpResponse<String> ready = server.get("health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("the audit log cannot be written: " + REASON);
            assertThat(log.messages).anyMatch(message -> message.contains(REASON));
            assertThat(server.get("health/live").statusCode()).isEqualTo(200);
            int made = createUntilRefused(server);
            assertThat(clients(server)).isEqualTo(clients + made);

            Files.delete(ballast);

            Await.until("tokens are issued", () -> token(server, job).statusCode() == 200);
            assertThat(server.get("health/ready").statusCode()).isEqualTo(200);
            assertThat(create(server).statusCode()).isEqualTo(201);
            assertThat(clients(server)).isEqualTo(clients + made + 1);
            assertThat(secretless(data)).as("clients that were half written").isZero();
        }
        assertThat(recorded(data.resolve("audit"))).containsAll(issued);
    }

    private static JsonNode job(TestServer server) {
        server.createApi("https://api.example.com", List.of(), Map.of());
        JsonNode client = server.createClient("job", Map.of());
        server.createGrant(client.path("client_id").asString(), "https://api.example.com", List.of());
        return client;
    }

    private HttpResponse<String> token(TestServer server, JsonNode client) {
        long asked = System.nanoTime();
        HttpResponse<String> response = server.token(client, "https://api.example.com");
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(ANSWERED_WITHIN);
        JsonNode body = JSON.readTree(response.body());
        if (response.statusCode() == 200) {
            String payload = body.path("access_token").asString().split("\\.", -1)[1];
            issued.add(JSON.readTree(Base64.getUrlDecoder().decode(payload))
                    .path("jti")
                    .asString());
        } else {
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(body.path("error").asString()).isEqualTo("temporarily_unavailable");
            assertThat(body.has("access_token")).isFalse();
        }
        return response;
    }

    private static HttpResponse<String> create(TestServer server) {
        return server.manage(
                "POST",
                "clients",
                Map.of("name", "n".repeat(200), "grant_types", List.of(), "description", "d".repeat(100)));
    }

    /** Returns how many could still be made. */
    private static int createUntilRefused(TestServer server) {
        int made = 0;
        HttpResponse<String> response = create(server);
        while (response.statusCode() == 201) {
            made++;
            response = create(server);
        }
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(response.body()).path("errorCode").asString()).isEqualTo("temporarily_unavailable");
        return made;
    }

    private static int clients(TestServer server) {
        return server.managed("GET", "clients?include_totals=true&per_page=1&fields=client_id", null)
                .path("total")
                .asInt();
    }

    private static int secretless(Path data) throws SQLException {
        return Integer.parseInt(rows(
                        data.resolve("jeton.db"),
                        "select count(*) from clients where client_id not in (select client_id from client_secrets)")
                .getFirst());
    }

    private static List<String> recorded(Path audit) throws IOException, SQLException {
        List<String> recorded = new ArrayList<>();
        try (Stream<Path> files = Files.list(audit)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".db")).toList()) {
                recorded.addAll(rows(file, "select jti from token_events where jti is not null"));
            }
        }
        return recorded;
    }

    private static List<String> rows(Path file, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var found = statement.executeQuery(query)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    @Test
    void a_server_that_cannot_start_on_a_full_disk_says_so_and_starts_when_there_is_room() throws Exception {
        fillDisk();
        Path data = disk.resolve("data");

        StartFailures.require(data, Map.of(), ConfigException.class, "No space left");

        Files.delete(ballast);
        StartFailures.requireStart(data, Map.of());
    }
}
