package dev.jeton.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;

/** Brings the schema up to what this version knows, and refuses a schema that is newer. */
public final class Migrations {
    /** The newest file in {@code db/migration}; a test holds it to the folder. */
    static final int NEWEST = 8;

    private static final String APPLIED = """
            select max(cast(version as integer)) from flyway_schema_history where success""";
    private static final String HAS_HISTORY_SQLITE =
            "select count(*) from sqlite_master where name = 'flyway_schema_history'";
    private static final String HAS_HISTORY_POSTGRESQL =
            "select count(*) from pg_tables where tablename = 'flyway_schema_history' and schemaname = any(current_schemas(false))";

    private Migrations() {}

    /** The database was written by a newer Jeton; this one does not touch it. */
    public static final class NewerSchemaException extends RuntimeException {
        NewerSchemaException(int found) {
            super("the database has schema version " + found + ", this Jeton knows versions up to " + NEWEST
                    + ": start the newer Jeton that wrote it, or restore an older backup");
        }
    }

    /**
     * Migrates if need be.
     *
     * @throws NewerSchemaException if a newer version has been here
     * @throws StorageUnavailableException if the database cannot be used now
     */
    public static void run(Database database) {
        int applied =
                database.read(handle -> applied(handle, database.dialect())).orElse(0);
        if (applied > NEWEST) {
            throw new NewerSchemaException(applied);
        }
        // Flyway's own check of an up-to-date schema costs a tenth of a second at each start.
        if (applied < NEWEST) {
            migrate(database);
        }
    }

    /**
     * On two connections, as it would use with PostgreSQL, Flyway commits a migration first and the row that says so
     * afterwards: a start that is killed in between would be followed by none that succeeds.
     */
    private static void migrate(Database database) {
        try (Connection connection = database.readerPool().getConnection()) {
            keepOthersOut(database.dialect(), connection);
            Flyway.configure()
                    .dataSource(OneConnection.of(connection))
                    .locations("classpath:db/migration")
                    .placeholders(placeholders(database.dialect()))
                    .load()
                    .migrate();
            letOthersIn(database.dialect(), connection);
        } catch (FlywayException e) {
            throw Database.translate(e);
        } catch (SQLException e) {
            throw new StorageUnavailableException(e);
        }
    }

    /**
     * A migration may copy a table for minutes, and what a node that is still running changes in it meanwhile would be lost:
     * it waits, as for any other writer. SQLite has one writer at a time as it is.
     */
    private static void keepOthersOut(Database.Dialect dialect, Connection connection) throws SQLException {
        if (dialect == Database.Dialect.POSTGRESQL) {
            connection.setNetworkTimeout(Runnable::run, 0); // the pool sets its own again
            try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_advisory_lock(" + Database.WRITER_LOCK + ")");
            }
        }
    }

    /** After a failure, the lock ends with the connection, which ends with the server. */
    private static void letOthersIn(Database.Dialect dialect, Connection connection) throws SQLException {
        if (dialect == Database.Dialect.POSTGRESQL) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_advisory_unlock(" + Database.WRITER_LOCK + ")");
            }
        }
    }

    /** The newest migration that the database has; empty if it has none. */
    static Optional<Integer> applied(Handle handle, Database.Dialect dialect) {
        String hasHistory = switch (dialect) {
            case SQLITE -> HAS_HISTORY_SQLITE;
            case POSTGRESQL -> HAS_HISTORY_POSTGRESQL;
        };
        return handle.createQuery(hasHistory).mapTo(int.class).one() == 0
                ? Optional.empty()
                : handle.createQuery(APPLIED).mapTo(Integer.class).findOne();
    }

    static Map<String, String> placeholders(Database.Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> Map.of("sequence", "integer primary key autoincrement", "bytes", "blob");
            case POSTGRESQL -> Map.of("sequence", "bigint generated always as identity primary key", "bytes", "bytea");
        };
    }
}
