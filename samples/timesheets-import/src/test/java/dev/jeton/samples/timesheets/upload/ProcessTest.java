package dev.jeton.samples.timesheets.upload;

import static dev.jeton.samples.timesheets.upload.JobRun.entries;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The job as a process of its own, which is told to end, or killed. */
@Timeout(120)
class ProcessTest {
    @TempDir
    Path folder;

    private final FakeServers servers = new FakeServers();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        goOn.countDown();
        servers.close();
    }

    private Process start(String csv) throws IOException {
        Path file = folder.resolve("entries.csv");
        Files.writeString(file, csv);
        ProcessBuilder job = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TimesheetsImport.class.getName(),
                        "--verbose",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        job.environment().putAll(servers.environment());
        return job.start();
    }

    private Path output() {
        return folder.resolve("output");
    }

    private String outputOf(Process job) throws IOException, InterruptedException {
        assertThat(job.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output(), StandardCharsets.UTF_8);
    }

    /** Stores the entry of that upload, but keeps its answer back until the test goes on. */
    private void holdTheAnswerTo(int upload) {
        servers.afterUpload(number -> {
            if (number == upload) {
                reached.countDown();
                await(goOn);
            }
            return Optional.empty();
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void storesEachOnce(int count) {
        Set<String> ids = new HashSet<>();
        for (ObjectNode entry : servers.stored()) {
            ids.add(entry.path("entry_id").asString());
        }
        assertThat(servers.stored()).hasSize(count);
        assertThat(ids).hasSize(count);
    }

    @Test
    void uploads_all_and_ends_with_0() throws Exception {
        Process job = start(entries(5));

        assertThat(outputOf(job))
                .contains("Created timesheet 14 for employee 007.\n", "created        5\n")
                .doesNotContain("\u001b");
        assertThat(job.exitValue()).isZero();
    }

    @Test
    void finishes_the_entry_under_way_when_told_to_end_and_goes_on_when_run_again() throws Exception {
        holdTheAnswerTo(3);
        Process job = start(entries(10));
        await(reached);

        job.destroy(); // SIGTERM
        while (!Files.readString(output()).contains("stopping after the entry under way")) {
            Thread.onSpinWait();
        }
        goOn.countDown();

        assertThat(outputOf(job))
                .contains("stopped: told to stop", "created        3\n", "not sent       7\n", "Run it again to go on");
        assertThat(job.exitValue()).isEqualTo(143);
        assertThat(servers.uploads()).isEqualTo(3);

        assertThat(outputOf(start(entries(10)))).contains("created        7\n", "already there  3\n");
        storesEachOnce(10);
    }

    @Test
    void doubles_nothing_when_it_was_killed_in_the_middle_and_is_run_again() throws Exception {
        holdTheAnswerTo(4);
        Process job = start(entries(10));
        await(reached);

        job.destroyForcibly(); // SIGKILL
        assertThat(job.waitFor(60, TimeUnit.SECONDS)).isTrue();
        goOn.countDown();
        assertThat(servers.stored()).hasSize(4);

        assertThat(outputOf(start(entries(10)))).contains("created        6\n", "already there  4\n");
        storesEachOnce(10);
    }
}
