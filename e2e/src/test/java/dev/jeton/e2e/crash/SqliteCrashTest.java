package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.ManagementApi.Job;
import dev.jeton.e2e.TokenLoad;
import dev.jeton.e2e.TokenLoad.Answer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SqliteCrashTest extends CrashContract {
    /** As docs/operations.md has it: what waits, and the group that is being written. */
    private static final int LOST_AT_MOST = 11_000;

    @Override
    Storage storage(Path home) {
        return new SqliteStorage(home.resolve("data"));
    }

    @Test
    void a_write_ahead_log_that_is_cut_off_anywhere_holds_what_was_answered_before() throws Exception {
        SqliteStorage files = (SqliteStorage) storage();
        try (MortalServer server = new MortalServer(folder(), files.settings())) {
            server.forget();
            server.start();
            ManagementApi api = new ManagementApi(server.base());
            Job job = api.createJob("load");
            List<Answer> answers = askFor(server, job, 30);
            Path registryLog = Path.of(files.registryFile() + "-wal");
            Path auditLog = Path.of(files.auditFiles().getLast() + "-wal");
            long registrySynced = Files.size(registryLog);
            long auditSynced = Files.size(auditLog);
            api.createJob("later");
            askFor(server, job, 30);
            server.kill();

            cutOff(registryLog, registrySynced);
            cutOff(auditLog, auditSynced);
            server.start();

            files.requireSound();
            Answers.requireRecorded(answers, files.tokenRecords());
            assertThat(api.answer(job).statusCode()).isEqualTo(200);
            server.kill();
        }
    }

    private static List<Answer> askFor(MortalServer server, Job job, int tokens) throws Exception {
        TokenLoad load = TokenLoad.start(server.base(), job, 2);
        try (load) {
            Await.until("tokens are issued", () -> load.count() >= tokens);
        }
        return load.answers();
    }

    /** Somewhere behind what was synced, and without the index of it, which is in memory. */
    private void cutOff(Path log, long synced) throws IOException {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            assertThat(file.size()).as("%s has grown", log).isGreaterThan(synced);
            file.truncate(synced + random().nextLong(file.size() - synced));
        }
        Files.delete(Path.of(log.toString().replaceFirst("-wal$", "-shm")));
    }

    @Test
    void with_audit_durability_async_a_kill_loses_nothing_but_the_newest_records() throws Exception {
        Map<String, String> settings = new HashMap<>(storage().settings());
        settings.put("JETON_AUDIT_DURABILITY", "async");
        try (MortalServer server = new MortalServer(folder(), settings)) {
            server.forget();
            server.start();
            Job job = new ManagementApi(server.base()).createJob("load");
            // One thread, so that answers come in the order of their records.
            TokenLoad load = TokenLoad.start(server.base(), job, 1);
            try (load) {
                int some = 100 + random().nextInt(200);
                Await.until("tokens are issued", () -> load.count() >= some);
                server.kill();
            }
            server.start();

            List<TokenRecord> records = storage().tokenRecords();
            Answers.requireUnique(records);
            Set<String> recorded =
                    records.stream().flatMap(record -> record.jti().stream()).collect(Collectors.toSet());
            List<String> issued = new ArrayList<>(load.answers().stream()
                    .map(Answer::jti)
                    .flatMap(Optional::stream)
                    .toList());
            List<Boolean> kept = issued.stream().map(recorded::contains).toList();
            assertThat(kept).isSortedAccordingTo((one, other) -> Boolean.compare(other, one));
            assertThat(kept.stream().filter(known -> !known).count()).isLessThanOrEqualTo(LOST_AT_MOST);
            storage().requireSound();
            server.kill();
        }
    }
}
