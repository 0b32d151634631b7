package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");

    private final Path folder;
    private final Path file;
    private final Path audit;
    private final Path backups;

    BackupTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("jeton.db");
        this.audit = folder.resolve("audit");
        this.backups = folder.resolve("backups");
    }

    @BeforeEach
    void migrate() throws IOException {
        Files.createDirectory(audit);
        try (Database database = TestDatabase.sqlite(file)) {
            Migrations.run(database);
        }
    }

    private Backup backup() {
        return new Backup(file, audit, backups);
    }

    private static int settings(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from settings")) {
            return row.getInt(1);
        }
    }

    private static String check(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("pragma integrity_check")) {
            return row.getString(1);
        }
    }

    private static void write(Database database, int number) {
        database.change(handle -> handle.execute("insert into settings (name, value) values (?, 'x')", "s" + number));
    }

    @Test
    void holds_what_was_committed_before_it_began_while_writes_go_on() throws Exception {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        try (Database database = TestDatabase.sqlite(file);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> writing = thread.submit(() -> {
                while (!enough.get()) {
                    write(database, written.get());
                    written.incrementAndGet();
                }
            });
            Await.until("some are written", () -> written.get() > 20);
            for (int second = 0; second < 3; second++) {
                int before = written.get();

                Backup.Result result = backup().make(NOW.plusSeconds(second));

                Path copy = result.folder().resolve("jeton.db");
                assertThat(check(copy)).isEqualTo("ok");
                assertThat(settings(copy)).isBetween(before, written.get() + 1);
            }
            int after = written.get();
            Await.until("writes go on", () -> written.get() > after);
            enough.set(true);
            writing.get();
        }
    }

    @Test
    void holds_the_registry_and_every_audit_file_and_nothing_else() throws Exception {
        Files.writeString(folder.resolve("master.key"), "never copied");
        Files.copy(file, audit.resolve("audit-2026-11-22.db"));
        Files.copy(file, audit.resolve("audit-2026-11-23.db"));
        Files.writeString(audit.resolve("audit-2026-11-23.db-journal"), "");

        Backup.Result result = backup().make(NOW);

        assertThat(result.folder()).isEqualTo(backups.resolve("20261123T120000.123Z"));
        assertThat(result.files().stream().map(Backup.CopiedFile::name))
                .containsExactly("jeton.db", "audit-2026-11-22.db", "audit-2026-11-23.db");
        try (var copied = Files.list(result.folder())) {
            assertThat(copied.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("jeton.db", "audit-2026-11-22.db", "audit-2026-11-23.db");
        }
        for (Backup.CopiedFile copy : result.files()) {
            assertThat(Files.size(result.folder().resolve(copy.name()))).isEqualTo(copy.bytes());
        }
    }

    @Test
    void only_its_owner_can_read_it() throws Exception {
        Backup.Result result = backup().make(NOW);

        assertThat(permissions(backups)).isEqualTo("rwx------");
        assertThat(permissions(result.folder())).isEqualTo("rwx------");
        assertThat(permissions(result.folder().resolve("jeton.db"))).isEqualTo("rw-------");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void one_that_cannot_be_written_is_told_as_unavailable() throws Exception {
        Files.writeString(backups, "a file stands here");

        assertThatThrownBy(() -> backup().make(NOW)).isInstanceOf(StorageUnavailableException.class);
    }

    /** A folder of its name would be taken for a backup. */
    @Test
    void one_that_fails_half_way_leaves_nothing() throws Exception {
        Files.writeString(audit.resolve("audit-2026-11-23.db"), "this is no database, as its first bytes tell");

        assertThatThrownBy(() -> backup().make(NOW)).isInstanceOf(StorageUnavailableException.class);

        try (var left = Files.list(backups)) {
            assertThat(left).isEmpty();
        }
    }
}
