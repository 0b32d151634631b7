package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link Database#readSnapshot} promises, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class SnapshotTest {
    private final Database.Dialect dialect;
    private Database database;

    @SuppressWarnings("NullAway.Init") // opened before each test
    SnapshotTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void put(String name) {
        database.<RuntimeException>change(
                handle -> handle.execute("insert into settings (name, value) values (?, '{}')", name));
    }

    private static int count(Handle handle) {
        return handle.createQuery("select count(*) from settings where name like 'snapshot-%'")
                .mapTo(int.class)
                .one();
    }

    @Test
    void a_snapshot_does_not_see_what_is_written_meanwhile_and_keeps_no_writer_waiting() {
        put("snapshot-1");

        List<Integer> counted = database.<List<Integer>, RuntimeException>readSnapshot(handle -> {
            int before = count(handle);
            put("snapshot-2");
            return List.of(before, count(handle));
        });

        assertThat(counted).containsExactly(1, 1);
        assertThat(database.<Integer, RuntimeException>readSnapshot(SnapshotTest::count))
                .isEqualTo(2);
        assertThat(database.<Integer, RuntimeException>read(SnapshotTest::count))
                .isEqualTo(2);
    }

    @Test
    void a_snapshot_that_fails_leaves_a_connection_that_can_be_used() {
        for (int i = 0; i < 20; i++) {
            try {
                database.<Integer, IllegalStateException>readSnapshot(handle -> {
                    count(handle);
                    throw new IllegalStateException("as a test wants it");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("as a test wants it");
            }
        }
        put("snapshot-1");

        assertThat(database.<Integer, RuntimeException>readSnapshot(SnapshotTest::count))
                .isEqualTo(1);
    }
}
