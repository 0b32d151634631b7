package dev.jeton.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import dev.jeton.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The data folder of a server that has stopped: as it was left, and broken in every way that we could think of. */
class FolderChecksTest {
    private static final Map<String, String> ANY_PORT = Map.of("JETON_PORT", "0");

    @TempDir
    private static Path left;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void copyWhatAServerLeft() throws IOException {
        if (Files.notExists(left.resolve("data/jeton.db"))) {
            TestServer.startOn(
                            left.resolve("data"),
                            Map.of("JETON_TLS", "self-signed"),
                            new MutableClock(TestServer.START))
                    .close();
        }
        data = folder.resolve("data");
        copy(left.resolve("data"), data);
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Names, sizes, times and permissions of all that is there. */
    static Map<String, String> state(Path folder) throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                state.put(
                        folder.relativize(file).toString(),
                        Files.size(file) + " " + Files.getLastModifiedTime(file) + " "
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return state;
    }

    private Report look() {
        return Report.of(data, ANY_PORT);
    }

    @Test
    void as_it_was_left_all_is_well_and_stays_as_it_is() throws IOException {
        Map<String, String> before = state(data);

        Report report = look();

        assertThat(report.failures()).containsOnly("clock"); // test servers are of the past
        assertThat(report.of("data folder")).hasSize(2).contains("ok: " + data + " can be read, written and synced");
        assertThat(report.of("permissions")).containsExactly("ok: only its owner reads what is secret");
        assertThat(report.of("server")).containsExactly("ok: none runs on " + data);
        assertThat(report.of("database")).singleElement().asString().endsWith(", the newest");
        assertThat(report.of("master key"))
                .containsExactly("ok: " + data.resolve("master.key") + " opens the database");
        assertThat(state(data)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"master.key", "cli.json", "tls/ca.key", "tls/server.key"})
    void a_secret_that_others_may_read(String secret) throws IOException {
        Path file = data.resolve(secret);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(look().of("permissions"))
                .containsExactly("fail: " + file
                        + " holds a secret, and others than its owner may read or write it; chmod 600 " + file);
    }

    @Test
    void a_folder_that_others_may_look_into() throws IOException {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(look().of("permissions"))
                .singleElement()
                .asString()
                .startsWith("warn: ")
                .endsWith("chmod o= " + data);
    }

    @Test
    void a_secret_file_that_was_named_and_that_others_may_read() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "sesame");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));

        Report report = Report.of(
                data,
                Map.of("JETON_BOOTSTRAP_CLIENT_SECRET_FILE", password.toString(), "JETON_BOOTSTRAP_CLIENT_ID", "me"));

        assertThat(report.of("permissions")).singleElement().asString().startsWith("warn: " + password);
    }

    @Test
    void another_key() throws IOException {
        Files.writeString(data.resolve("master.key"), Base64.getEncoder().encodeToString(new byte[32]));

        assertThat(look().of("master key"))
                .singleElement()
                .asString()
                .startsWith("fail: " + data.resolve("master.key") + " does not open the database; give the key");
        assertThat(Report.of(
                                data,
                                Map.of("JETON_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32])))
                        .of("master key"))
                .singleElement()
                .asString()
                .startsWith("fail: the key given does not open the database");
    }

    @Test
    void no_key_and_what_is_none() throws IOException {
        Files.writeString(data.resolve("master.key"), "not base64 of 32 bytes");
        assertThat(look().of("master key")).singleElement().asString().contains("fail: ", "32 bytes in base64");

        Files.delete(data.resolve("master.key"));
        assertThat(look().of("master key")).singleElement().asString().startsWith("fail: there is none");
    }

    @Test
    void a_replacement_of_the_key_that_was_cut_off() throws IOException {
        Files.move(data.resolve("master.key"), data.resolve("master.key.new"));
        Files.writeString(data.resolve("master.key"), Base64.getEncoder().encodeToString(new byte[32]));

        assertThat(look().of("master key"))
                .containsExactly("warn: " + data.resolve("master.key.new")
                        + " opens the database, and there are two: a rewrap was cut off; start the server, which keeps"
                        + " the one that fits");
    }

    @Test
    void a_file_that_is_no_database() throws IOException {
        Files.writeString(data.resolve("jeton.db"), "once upon a time ".repeat(1_000));

        assertThat(look().of("database")).singleElement().asString().contains("fail: ", "restore it from a backup");
        assertThat(look().of("master key"))
                .containsExactly("warn: not tried, as the database cannot be read; mend the database first");
    }

    @Test
    void a_schema_of_a_newer_version_and_of_an_older_one() throws Exception {
        execute("update flyway_schema_history set version = '99' where version = '0008'");
        assertThat(look().of("database")).singleElement().asString().contains("fail: ", "schema version 99");

        execute("delete from flyway_schema_history where version = '99'");
        assertThat(look().of("database")).singleElement().asString().contains("warn: ", "make a backup");
    }

    private void execute(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("jeton.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_folder_of_a_newer_layout_and_a_file_in_its_place() throws IOException {
        Files.writeString(data.resolve("layout"), "7\n");
        assertThat(look().of("data folder")).anySatisfy(line -> assertThat(line).contains("fail: ", "layout 7"));

        Path file = Files.writeString(folder.resolve("file"), "a file");
        assertThat(Report.of(file, ANY_PORT).of("data folder"))
                .containsExactly("fail: " + file + " is a file; move it away, or choose another folder with --data");
    }

    @ParameterizedTest
    @CsvSource({"50, FAIL", "500, WARN", "5000, OK"})
    void room_on_the_disk(long freeMib, Level level) {
        assertThat(FolderChecks.room("/data", freeMib).level()).isEqualTo(level);
    }
}
