package dev.jeton.storage;

import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database cannot be used now, for a reason outside this program: it is answered with 503, never with a guess. */
public final class StorageUnavailableException extends RuntimeException {
    private static final Set<SQLiteErrorCode> SQLITE_CODES = Set.of(
            SQLiteErrorCode.SQLITE_FULL,
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_CANTOPEN,
            SQLiteErrorCode.SQLITE_READONLY,
            SQLiteErrorCode.SQLITE_IOERR);

    public StorageUnavailableException(Throwable cause) {
        super(explain(cause), cause);
    }

    public StorageUnavailableException(String message) {
        super(message);
    }

    /** Whether that error speaks of the state of the database and not of a wrong statement. */
    public static boolean describes(SQLException error) {
        if (error instanceof SQLiteException sqlite) {
            return SQLITE_CODES.contains(primary(sqlite));
        }
        String state = error.getSQLState();
        // PostgreSQL: 08 connection, 53 resources (disk full 53100), 57P shutdown, 58 system error.
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57P")
                        || state.startsWith("58"));
    }

    private static String explain(Throwable cause) {
        if (cause instanceof SQLiteException sqlite && primary(sqlite) == SQLiteErrorCode.SQLITE_FULL) {
            return "the disk is full: make room, the server goes on by itself";
        }
        if (cause instanceof SQLException sql && "53100".equals(sql.getSQLState())) {
            return "the database's disk is full: make room, the server goes on by itself";
        }
        return "the database does not answer: " + cause.getMessage();
    }

    /** SQLite's extended codes carry the primary code in their low byte. */
    private static SQLiteErrorCode primary(SQLiteException error) {
        return SQLiteErrorCode.getErrorCode(error.getResultCode().code & 0xff);
    }
}
