package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.extension.ConsoleStore.Arrived;
import dev.jeton.extension.ConsoleStore.Stored;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link ConsoleStore} promises, on each kind of database. */
@ParameterizedClass
@EnumSource(Database.Dialect.class)
class ConsoleStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123Z");

    private final Database.Dialect dialect;
    private Database database;
    private ConsoleStore store;

    @SuppressWarnings("NullAway.Init") // opened before each test
    ConsoleStoreTest(Database.Dialect dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        database = TestDatabase.migrated(dialect, folder);
        store = new ConsoleStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Arrived line(String script, String text, @Nullable String requestId) {
        return new Arrived(NOW, new Console.Line(script, "warn", text, requestId));
    }

    private static List<String> texts(List<Stored> lines) {
        return lines.stream().map(Stored::text).toList();
    }

    @Test
    void a_line_is_read_as_it_was_written() {
        store.add(List.of(line("a", "ü 🌙 '\"\\", "req-1"), line("a", "", null)));

        List<Stored> lines = store.newest("a", 10);
        assertThat(lines.getFirst())
                .isEqualTo(new Stored(lines.getFirst().sequence(), NOW, "warn", "ü 🌙 '\"\\", "req-1"));
        assertThat(lines.getLast().requestId()).isNull();
    }

    @Test
    void each_script_has_its_lines_in_their_order_from_any_of_them_on() {
        store.add(List.of(line("a", "1", null), line("b", "other", null), line("a", "2", null)));
        store.add(List.of(line("a", "3", null)));

        assertThat(texts(store.newest("a", 2))).containsExactly("2", "3");
        assertThat(texts(store.after("a", 0, 2))).containsExactly("1", "2");
        long second = store.after("a", 0, 2).getLast().sequence();
        assertThat(texts(store.after("a", second, 2))).containsExactly("3");
        assertThat(store.newest("nobody", 2)).isEmpty();
    }

    @Test
    void the_newest_ten_thousand_lines_of_all_scripts_are_kept() {
        store.add(List.of(line("a", "first", null), line("a", "second", null)));
        store.add(IntStream.range(0, ConsoleStore.KEPT - 1)
                .mapToObj(i -> line("b", String.valueOf(i), null))
                .toList());

        assertThat(texts(store.after("a", 0, 10))).containsExactly("second");
        assertThat(store.after("b", 0, 20_000)).hasSize(ConsoleStore.KEPT - 1);
    }
}
