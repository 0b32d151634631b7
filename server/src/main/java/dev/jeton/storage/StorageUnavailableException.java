package dev.jeton.storage;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    /**
     * Connection; read-only, as after a failover; deadlock; resources (disk full is 53100); no lock in time; shutdown and
     * cancellation; system error.
     */
    private static final Set<String> POSTGRESQL_STATES = Set.of("08", "25006", "40", "53", "55P03", "57", "58");

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
        return state != null && POSTGRESQL_STATES.stream().anyMatch(state::startsWith);
    }

    /** Whether SQLite found no room, for its data or for the small file by which its connections share an index. */
    public static boolean isFullDisk(Throwable error) {
        return error instanceof SQLiteException sqlite
                && (primary(sqlite) == SQLiteErrorCode.SQLITE_FULL
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
    }

    private static String explain(Throwable cause) {
        if (isFullDisk(cause)) {
            return "the disk is full: make room, the server goes on by itself";
        }
        if (cause instanceof SQLException sql && "53100".equals(sql.getSQLState())) {
            return "the database's disk is full: make room, the server goes on by itself";
        }
        return "the database does not answer: " + reason(cause);
    }

    /** What the database or the driver said first: a pool above it only says that it waited in vain. */
    private static @Nullable String reason(Throwable cause) {
        String reason = cause.getMessage();
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof SQLException) {
                reason = inner.getMessage();
            }
        }
        return reason;
    }

    /** SQLite's extended codes carry the primary code in their low byte. */
    private static SQLiteErrorCode primary(SQLiteException error) {
        return SQLiteErrorCode.getErrorCode(error.getResultCode().code & 0xff);
    }
}
