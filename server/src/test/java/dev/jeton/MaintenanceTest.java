package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.ConfigReader;
import dev.jeton.config.DataFolder;
import dev.jeton.config.Secret;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.Encryption.WrongMasterKeyException;
import dev.jeton.storage.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jeton rewrap}, whole and cut off at each of its steps. */
class MaintenanceTest {
    private final Path data;
    private final Path key;
    private final Path pending;

    MaintenanceTest(@TempDir Path folder) {
        this.data = folder.resolve("data");
        this.key = data.resolve("master.key");
        this.pending = data.resolve("master.key.new");
    }

    @BeforeEach
    void makeDatabase() {
        start();
    }

    private void start() {
        StartFailures.start(data, Map.of()).close();
    }

    private String rewrap() {
        Config config = ConfigReader.read(new String[0], Map.of("JETON_DATA", data.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Maintenance(config, new Sources(new MutableClock(TestServer.START), new SecureRandom(), Map.of()))
                .rewrap(Map.of(), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    /** As {@code jeton rewrap} until somebody pulls the plug. */
    private void rewrapUntil(Consumer<Secret> end) {
        try (DataFolder folder = DataFolder.open(data, new SecureRandom())) {
            assertThatThrownBy(() -> folder.replaceMasterKey(fresh -> {
                        end.accept(fresh);
                        throw new IllegalStateException("the plug is pulled");
                    }))
                    .hasMessage("the plug is pulled");
        }
        assertThat(pending).exists();
    }

    private void rewrapDatabase(Secret fresh) {
        try (Database database = TestDatabase.sqlite(data.resolve("jeton.db"))) {
            Encryption.rewrap(database, Base64.getMimeDecoder().decode(read(key)), fresh.reveal());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void after_it_the_server_starts_with_the_new_key_and_not_with_the_old() throws Exception {
        String old = read(key);

        assertThat(rewrap()).startsWith("The database is encrypted with a new master key");

        assertThat(read(key)).isNotEqualTo(old);
        assertThat(pending).doesNotExist();
        start();
        Files.writeString(key, old);
        assertThatThrownBy(this::start).isInstanceOf(WrongMasterKeyException.class);
    }

    @Test
    void cut_off_before_the_database_is_encrypted_anew_the_old_key_stays() {
        String old = read(key);
        rewrapUntil(_ -> {});

        start();

        assertThat(read(key)).isEqualTo(old);
        assertThat(pending).doesNotExist();
    }

    @Test
    void cut_off_before_the_new_key_takes_its_place_the_next_start_puts_it_there() {
        rewrapUntil(this::rewrapDatabase);
        String fresh = read(pending);

        start();

        assertThat(read(key)).isEqualTo(fresh);
        assertThat(pending).doesNotExist();
        start();
    }

    @Test
    void cut_off_it_may_be_run_again_and_the_only_key_that_fits_is_not_overwritten() {
        rewrapUntil(this::rewrapDatabase);

        rewrap();

        start();
        assertThat(pending).doesNotExist();
    }

    @Test
    void a_key_that_may_be_the_only_one_is_never_overwritten() {
        rewrapUntil(this::rewrapDatabase);
        String fresh = read(pending);

        try (DataFolder folder = DataFolder.open(data, new SecureRandom())) {
            assertThatThrownBy(() -> folder.replaceMasterKey(_ -> {}))
                    .hasMessageContaining("it may be the only key that opens the database");
        }

        assertThat(read(pending)).isEqualTo(fresh);
    }

    @Test
    void when_neither_key_fits_both_stay() throws Exception {
        rewrapUntil(this::rewrapDatabase);
        Files.writeString(pending, Base64.getEncoder().encodeToString(new byte[32]));

        assertThatThrownBy(this::start).isInstanceOf(WrongMasterKeyException.class);

        assertThat(key).exists();
        assertThat(pending).exists();
    }

    @Test
    void on_a_folder_without_a_server_both_commands_say_so_and_the_folder_stays_usable() {
        Path empty = data.resolveSibling("empty");
        Maintenance maintenance = new Maintenance(
                ConfigReader.read(new String[0], Map.of("JETON_DATA", empty.toString())),
                new Sources(new MutableClock(TestServer.START), new SecureRandom(), Map.of()));
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        assertThatThrownBy(() -> maintenance.recover(out))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no server has started on this database yet");
        assertThatThrownBy(() -> maintenance.rewrap(Map.of(), out))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nothing to recover or rewrap");

        StartFailures.start(empty, Map.of()).close();
    }
}
