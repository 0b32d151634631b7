package dev.jeton.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.doctor.Finding.Level;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestDatabase;
import dev.jeton.storage.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL; SQLite is looked at with its folder. */
class DatabaseChecksTest {
    @TempDir
    private Path folder;

    private final Database.PostgreSql database = TestPostgres.freshDatabase();

    private Report look() {
        return look(database.url(), "postgres");
    }

    private Report look(String url, String userAndPassword) {
        return Report.at(
                InstantSource.system(),
                folder.resolve("data"),
                Map.of(
                        "JETON_PORT", "0",
                        "JETON_DB_URL", url,
                        "JETON_DB_USER", userAndPassword,
                        "JETON_DB_PASSWORD", userAndPassword,
                        "JETON_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32])));
    }

    @Test
    void a_fresh_database_is_well_and_stays_empty() {
        for (int i = 0; i < 2; i++) {
            Report report = look();

            assertThat(report.failures()).isEmpty();
            assertThat(report.of("database"))
                    .hasSize(3)
                    .anySatisfy(line -> assertThat(line).endsWith("is empty; the first start makes its tables"))
                    .anySatisfy(line -> assertThat(line).matches("ok: PostgreSQL \\d.*; this user may make tables"))
                    .anySatisfy(line -> assertThat(line).startsWith("ok: its clock and this machine's differ by "));
            assertThat(report.of("master key")).singleElement().asString().startsWith("ok: the key given will encrypt");
        }
    }

    @Test
    void a_user_who_may_make_no_tables() {
        TestDatabase.execute(database, "create role reader login password 'reader'");
        TestDatabase.execute(database, "revoke create on schema public from public");

        assertThat(look(database.url(), "reader").of("database"))
                .anySatisfy(
                        line -> assertThat(line).contains("fail: ", "this user may not make tables", "grant usage"));
    }

    @Test
    void a_database_that_is_not_there_and_a_server_that_is_not() {
        assertThat(look(database.url() + "x", "postgres").of("database"))
                .singleElement()
                .asString()
                .contains("fail: ", "does not exist", "createdb");

        Report report = look("jdbc:postgresql://127.0.0.1:1/jeton", "postgres");
        assertThat(report.of("database")).singleElement().asString().contains("fail: ", "is PostgreSQL running");
        assertThat(report.of("master key")).singleElement().asString().startsWith("warn: not tried");
    }

    @ParameterizedTest
    @CsvSource({"0, OK", "1999, OK", "30000, WARN", "61000, FAIL"})
    void two_clocks(long apartMs, Level level) {
        assertThat(DatabaseChecks.clocks(TestServer.START, TestServer.START.plus(Duration.ofMillis(apartMs)))
                        .level())
                .isEqualTo(level);
        assertThat(DatabaseChecks.clocks(TestServer.START.plus(Duration.ofMillis(apartMs)), TestServer.START)
                        .level())
                .isEqualTo(level);
    }
}
