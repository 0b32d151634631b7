package dev.jeton.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import dev.jeton.storage.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteAuditLogTest extends AuditLogContract {
    @Override
    Database open() {
        return TestDatabase.sqlite(data.resolve("jeton.db"));
    }

    @Override
    void withTokenEvents(HandleConsumer<RuntimeException> consumer) {
        auditLog.close(); // who writes the file has it alone
        Jdbi.create("jdbc:sqlite:" + today()).useHandle(consumer);
        auditLog = AuditLog.start(database, data, SETTINGS, events);
    }

    @Override
    List<String> days() {
        try (Stream<Path> files = Files.list(data.resolve("audit"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".db"))
                    .map(name -> name.substring("audit-".length(), name.length() - ".db".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path today() {
        return data.resolve("audit/audit-2026-11-23.db");
    }

    @Test
    void only_the_owner_may_read_the_files() throws IOException {
        append(events.issued("jti-1"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("audit"))))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(data.resolve("audit"))) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void the_day_before_is_left_as_one_closed_file() {
        append(events.issued("jti-1"));
        events.set("2026-11-24T00:00:00.000Z");
        append(events.issued("jti-2"));
        assertThat(today()).exists();
        assertThat(today().resolveSibling("audit-2026-11-23.db-wal")).doesNotExist();
    }

    @Test
    void a_file_that_was_never_finished_is_begun_anew_and_is_no_day() throws IOException {
        Path unfinished = data.resolve("audit/audit-2026-11-23.db.new");
        Files.writeString(unfinished, "the server was killed here");
        assertThat(newest()).isEmpty();

        append(events.issued("jti-1"));
        assertThat(jtis(newest())).containsExactly("jti-1");
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void a_file_removed_while_it_is_written_fails_one_group_plainly_and_is_begun_anew() throws IOException {
        append(events.issued("jti-1"));
        Files.delete(today());

        assertThatThrownBy(() -> append(events.issued("jti-2")))
                .hasRootCauseInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("audit-2026-11-23.db was removed while it was being written");
        assertThat(auditLog.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("was removed"));
        append(events.issued("jti-3"));
        assertThat(auditLog.trouble()).isEmpty();
        assertThat(jtis(newest())).containsExactly("jti-3");
    }

    @Test
    void a_file_that_is_no_database_is_an_error_that_names_it() throws IOException {
        append(events.issued("jti-1"));
        auditLog.close();
        Files.writeString(today(), "not a database ".repeat(100));

        assertThatThrownBy(() -> AuditLog.start(database, data, SETTINGS, events))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("audit-2026-11-23.db cannot be used: ");
        Files.delete(today());
        restart(SETTINGS, events);
        append(events.issued("jti-2"));
    }

    @Test
    void a_past_days_file_may_be_taken_away() throws IOException {
        append(events.issued("jti-1"));
        String first = newest().getFirst().logId();
        events.set("2026-11-24T00:00:00.000Z");
        append(events.issued("jti-2"));
        Files.delete(today());

        assertThat(jtis(newest())).containsExactly("jti-2");
        assertThat(jtis(auditLog.reader().after(LogQuery.ALL, first, 10).events()))
                .containsExactly("jti-2");
        assertThat(auditLog.reader().find(first)).isEmpty();
    }

    @Test
    void a_file_of_an_older_server_is_read_and_written_on() throws Exception {
        append(events.issued("jti-1"));
        auditLog.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + today());
                Statement statement = connection.createStatement()) {
            for (String column : List.of("execution", "reason_code", "granted")) {
                statement.execute("alter table token_events drop column " + column);
            }
            statement.execute("pragma user_version = 1");
        }

        auditLog = AuditLog.start(database, data, SETTINGS, events);
        assertThat(jtis(newest())).containsExactly("jti-1");
        append(events.issued("jti-2"));
        assertThat(jtis(newest())).containsExactly("jti-2", "jti-1");
    }

    @Test
    void a_day_that_is_over_gets_an_index_of_its_clients_once_it_is_written_no_more() throws Exception {
        append(events.issued("jti-1"));
        Path first = today();
        events.set("2026-11-24T00:00:00.000Z");
        auditLog.tend();
        assertThat(plan(first)).contains("SEARCH token_events USING INTEGER PRIMARY KEY");
        append(events.issued("jti-2"));
        auditLog.tend();

        assertThat(plan(first)).contains("SEARCH token_events USING INDEX token_events_client_id (client_id=?");
        assertThat(jtis(page("client_id:" + TestEvents.BILLING))).containsExactly("jti-2", "jti-1");
    }

    /** How the events of one client are found in that file. */
    private static String plan(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet plan = statement.executeQuery("""
                        explain query plan
                        select jti
                          from token_events
                         where position >= 0 and position < 9e18 and client_id = 'x'
                         order by position desc
                         limit 100""")) {
            return plan.getString("detail");
        }
    }

    @Test
    void other_files_in_the_folder_are_left_alone() throws IOException {
        Files.writeString(data.resolve("audit/audit-2026-02-30.db"), "no such day");
        Files.writeString(data.resolve("audit/notes.txt"), "mine");
        append(events.issued("jti-1"));
        auditLog.tend();
        assertThat(newest()).hasSize(1);
        assertThat(data.resolve("audit/audit-2026-02-30.db")).exists();
    }

    @Test
    void a_full_disk_refuses_and_room_on_it_is_used_without_a_restart(@TempDir Path mountPoint) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", mountPoint.toString()),
                "a small file system cannot be mounted here");
        try {
            auditLog.close();
            auditLog = AuditLog.start(database, mountPoint, SETTINGS, events);
            append(events.issued("jti-1"));
            fill(mountPoint.resolve("ballast"));
            List<String> stored = new ArrayList<>(List.of("jti-1"));
            assertThatThrownBy(() -> {
                        for (int i = 2; i < 1_000; i++) {
                            append(events.issued("jti-" + i));
                            stored.add("jti-" + i);
                        }
                    })
                    .hasRootCauseInstanceOf(org.sqlite.SQLiteException.class)
                    .hasMessageContaining("the disk is full: make room, the server goes on by itself");
            fill(mountPoint.resolve("more ballast"));
            assertThatThrownBy(() -> append(events.issued("still full"))).hasMessageContaining("the disk is full");

            Files.delete(mountPoint.resolve("ballast"));
            append(events.issued("after"));
            stored.add("after");
            assertThat(jtis(newest())).isEqualTo(stored.reversed().subList(0, Math.min(100, stored.size())));
        } finally {
            auditLog.close();
            run("umount", mountPoint.toString());
        }
    }

    private static void fill(Path file) {
        try (var out = Files.newOutputStream(file)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException _) {
            // Full now.
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
