package dev.jeton.e2e.crash;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.Jeton.Result;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.TokenLoad;
import dev.jeton.e2e.TokenLoad.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server under load whose disk is full, or takes no more writes, for a while. */
class LostDiskTest {
    private static final String FULL = "the disk is full: make room, the server goes on by itself";
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);
    private static final int ALL_REFUSED = 20;

    private final Path data;
    private final Path ballast;
    private final SqliteStorage storage;
    private final MortalServer server;
    private boolean mounted;

    LostDiskTest(@TempDir Path folder) throws IOException {
        this.data = folder.resolve("data");
        this.ballast = data.resolve("ballast");
        this.storage = new SqliteStorage(data);
        this.server = new MortalServer(folder, storage.settings());
    }

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(data);
    }

    @AfterEach
    void cleanUp() throws Exception {
        server.close();
        if (mounted) {
            assertThat(run("umount", data.toString())).isZero();
        }
    }

    private static int run(String... command) throws InterruptedException {
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

    private void mount() throws Exception {
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", data.toString()))
                .as("a small file system can be mounted, which takes root")
                .isZero();
        mounted = true;
    }

    private void fill() throws IOException {
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
    void a_full_disk_is_answered_with_503_until_there_is_room() throws Exception {
        mount();
        server.start();
        outage(this::fill, () -> Files.delete(ballast), FULL);
        try (Connection registry = storage.registry()) {
            assertThat(Storage.rows(
                            registry,
                            "select client_id from clients where client_id not in (select client_id from client_secrets)",
                            row -> row.getString(1)))
                    .as("clients that were half written")
                    .isEmpty();
        }
    }

    @Test
    void writes_that_fail_are_answered_with_503_until_they_succeed() throws Exception {
        server.start();
        String process = Long.toString(server.running().processId());
        assumeThat(run("prlimit", "--pid", process)).as("prlimit is there").isZero();
        outage(
                () -> assertThat(run("prlimit", "--pid", process, "--fsize=65536:unlimited"))
                        .isZero(),
                () -> assertThat(run("prlimit", "--pid", process, "--fsize=unlimited:unlimited"))
                        .isZero(),
                "disk I/O error");
    }

    private interface Event {
        void happen() throws Exception;
    }

    /** @param begins is repeated until nothing is written any more: a failed write may give back some room */
    private void outage(Event begins, Event ends, String reason) throws Exception {
        ManagementApi api = new ManagementApi(server.base());
        Job job = api.createJob("load");
        TokenLoad tokens = TokenLoad.start(server.base(), job, 2);
        RegistryLoad changes = RegistryLoad.start(api, job, new Random(1), "ES256");
        try (tokens;
                changes) {
            Await.until("both are busy", () -> tokens.count() > 20 && changes.acknowledged() > 5);
            Await.until("nothing is written any more", () -> {
                begins.happen();
                return lastAreRefused(tokens.answers()) && create(api) == 503;
            });
            assertThat(server.get("health/ready").body())
                    .contains("the audit log cannot be written: ")
                    .containsIgnoringCase(reason);
            assertThat(server.get("health/ready").statusCode()).isEqualTo(503);
            assertThat(server.get("health/live").statusCode()).isEqualTo(200);
            assertThat(server.running().out()).containsIgnoringCase(reason);

            long endedNanos = System.nanoTime();
            ends.happen();
            Await.until(
                    "tokens are issued",
                    () -> tokens.answers().stream()
                            .anyMatch(answer -> answer.status() == 200 && answer.askedNanos() > endedNanos));
            Await.until("changes are made", () -> create(api) == 201);
            Await.until("it is ready", () -> server.get("health/ready").statusCode() == 200);
        }
        assertThat(tokens.cutOff()).isEmpty();
        assertThat(tokens.answers()).extracting(Answer::took).allMatch(took -> took.compareTo(ANSWERED_WITHIN) < 0);
        Answers.requireRecorded(tokens.answers(), storage.tokenRecords());
        changes.requireKept();
        storage.requireSound();
    }

    private static boolean lastAreRefused(List<Answer> answers) {
        return answers.subList(Math.max(0, answers.size() - ALL_REFUSED), answers.size()).stream()
                .allMatch(answer -> answer.status() == 503);
    }

    private static int create(ManagementApi api) {
        return api.call("POST", "clients", Map.of("name", "n".repeat(200), "description", "d".repeat(100)))
                .statusCode();
    }

    @Test
    void a_start_without_room_says_so_and_is_made_good_when_there_is_some() throws Exception {
        mount();
        fill();
        requireFailedStart("No space left");
        // Room for the first of what a start writes, and then for more of it.
        for (int room : List.of(16 * 1024, 256 * 1024)) {
            giveBack(room);
            requireFailedStart("full");
            fill();
        }
        Files.delete(ballast);

        server.start();

        CrashContract.requireFirstState(new ManagementApi(server.base()));
        CrashContract.requireCommandLine(server);
    }

    private void giveBack(int bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
            file.setLength(file.length() - bytes);
        }
    }

    @Test
    void a_start_on_a_disk_that_is_read_only_says_so() throws Exception {
        mount();
        assertThat(run("mount", "-o", "remount,ro", data.toString())).isZero();

        requireFailedStart("Read-only file system");
    }

    private void requireFailedStart(String reason) {
        Result failed = server.tryToStart();
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err().lines()).hasSize(1);
        assertThat(failed.err()).startsWith("jeton: ").contains(reason);
    }
}
