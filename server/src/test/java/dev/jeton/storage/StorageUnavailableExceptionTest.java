package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class StorageUnavailableExceptionTest {
    @ParameterizedTest
    @CsvSource({
        "08001, true", // could not connect
        "08006, true", // the connection broke
        "25006, true", // read-only: a standby after a failover
        "40001, true", // serialization failure
        "40P01, true", // deadlock
        "53100, true", // disk full
        "53300, true", // too many connections
        "55P03, true", // lock not available
        "57014, true", // cancelled
        "57P01, true", // shut down
        "58030, true", // I/O error
        "22021, false", // a character that the database has not
        "23505, false", // unique violation
        "42601, false", // syntax error
        "42P01, false" // no such table
    })
    void tells_the_state_of_postgresql_from_a_wrong_statement(String state, boolean unavailable) {
        assertThat(StorageUnavailableException.describes(new SQLException("x", state)))
                .isEqualTo(unavailable);
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_FULL", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_IOERR_WRITE", "SQLITE_READONLY"})
    void tells_the_state_of_sqlite(SQLiteErrorCode code) {
        assertThat(StorageUnavailableException.describes(new SQLiteException("x", code)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_ERROR", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_MISUSE", "SQLITE_CORRUPT"})
    void tells_a_wrong_statement_of_sqlite(SQLiteErrorCode code) {
        assertThat(StorageUnavailableException.describes(new SQLiteException("x", code)))
                .isFalse();
    }
}
