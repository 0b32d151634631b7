package dev.jeton.storage;

import dev.jeton.storage.Database.Dialect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A look at a database that changes nothing, on one connection and without a pool: it may be broken, or a server's. */
public final class Inspection implements AutoCloseable {
    /** The database cannot be looked at; the message says why, and {@link #mend()} what to do. */
    public static final class ImpossibleException extends Exception {
        private static final long serialVersionUID = 1;

        private final String mend;

        ImpossibleException(String message, String mend) {
            super(message);
            this.mend = mend;
        }

        public String mend() {
            return mend;
        }
    }

    /** The newest schema that this Jeton knows. */
    public static final int NEWEST_SCHEMA = Migrations.NEWEST;

    private static final int CONNECT_SECONDS = 3;
    private static final int ANSWER_SECONDS = 5;

    private final Dialect dialect;
    private final Connection connection;
    private final Handle handle;

    private Inspection(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
        this.handle = Jdbi.create(connection).open();
    }

    /**
     * Opens an SQLite file that exists. Even a reader makes the two files beside it that a server has; where there are none,
     * nobody writes, and it is read as what cannot change.
     */
    public static Inspection sqlite(Path file) throws ImpossibleException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(ANSWER_SECONDS * 1_000);
        boolean isAlone = Files.notExists(file.resolveSibling(file.getFileName() + "-wal"));
        if (!isAlone && Files.notExists(file.resolveSibling(file.getFileName() + "-shm"))) {
            throw new ImpossibleException(
                    "its -wal file stands there without the -shm file, which a look would make",
                    "start the server, which reads it");
        }
        String url = "jdbc:sqlite:" + file.toUri().toString().replaceFirst("^file:///", "file:/")
                + (isAlone ? "?immutable=1" : "?mode=ro");
        try {
            return new Inspection(Dialect.SQLITE, DriverManager.getConnection(url, config.toProperties()));
        } catch (SQLException e) {
            throw ofSqlite(e);
        }
    }

    /** Connects to a PostgreSQL database. */
    public static Inspection postgreSql(Database.PostgreSql server) throws ImpossibleException {
        Properties properties = new Properties();
        if (server.user() != null) {
            properties.setProperty("user", server.user());
        }
        if (server.password() != null) {
            properties.setProperty("password", server.password());
        }
        properties.setProperty("ApplicationName", "jeton doctor");
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("readOnly", "true");
        try {
            return new Inspection(Dialect.POSTGRESQL, DriverManager.getConnection(server.url(), properties));
        } catch (SQLException e) {
            throw ofPostgreSql(e);
        }
    }

    private static ImpossibleException ofSqlite(SQLException e) {
        boolean isNone = e instanceof SQLiteException sqlite
                && (sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
                        || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT);
        return new ImpossibleException(
                String.valueOf(e.getMessage()),
                isNone
                        ? "restore it from a backup: it is no SQLite database, or damaged"
                        : "give the file to the user that the server runs as, and look as that user");
    }

    private static ImpossibleException ofPostgreSql(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String mend = switch (state) {
            case "28P01" -> "set JETON_DB_USER and JETON_DB_PASSWORD or JETON_DB_PASSWORD_FILE right";
            case "28000" -> "set JETON_DB_USER right, or let this machine in by pg_hba.conf";
            case "3D000" -> "make the database, with JETON_DB_USER as its owner: createdb --owner <user> <name>";
            case "53300" -> "raise max_connections of PostgreSQL, or lower workers";
            default ->
                state.startsWith("08")
                        ? "is PostgreSQL running, are host and port in db.url right, and does its network let this"
                                + " machine in?"
                        : "see the log of PostgreSQL";
        };
        String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
        return new ImpossibleException(e.getMessage() + cause, mend);
    }

    /** The newest migration that it has; empty if no server has started on it. */
    public Optional<Integer> schemaVersion() throws ImpossibleException {
        return ask(() -> Migrations.applied(handle, dialect));
    }

    /** Whether that key opens what is encrypted in it; empty if nothing is yet. The schema must be there. */
    public Optional<Boolean> opens(byte[] masterKey) throws ImpossibleException {
        return ask(() -> Encryption.opens(handle, masterKey));
    }

    /** PostgreSQL's own version, as {@code 15.3}. */
    public String serverVersion() throws ImpossibleException {
        return ask(() -> one("show server_version", String.class));
    }

    /** PostgreSQL's clock. */
    public Instant now() throws ImpossibleException {
        return Instant.ofEpochMilli(
                ask(() -> one("select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)", Long.class)));
    }

    /** Whether PostgreSQL is a copy that takes no changes. */
    public boolean isStandby() throws ImpossibleException {
        return ask(() -> one("select pg_is_in_recovery()", Boolean.class));
    }

    /** Whether tables may be made in PostgreSQL: the schema's, and one for each day of the audit log. */
    public boolean mayCreate() throws ImpossibleException {
        return ask(
                () -> one("select coalesce(has_schema_privilege(current_schema(), 'create'), false)", Boolean.class));
    }

    private <T> T one(String question, Class<T> type) {
        return handle.createQuery(question).mapTo(type).one();
    }

    private interface Question<T> {
        T ask();
    }

    /** With SQLite, the first statement finds out that a file is none. */
    private <T> T ask(Question<T> question) throws ImpossibleException {
        try {
            return question.ask();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw dialect == Dialect.SQLITE ? ofSqlite(sql) : ofPostgreSql(sql);
                }
            }
            throw e;
        }
    }

    @Override
    public void close() {
        handle.close();
        try {
            connection.close();
        } catch (SQLException _) {
            // Nothing was written.
        }
    }
}
