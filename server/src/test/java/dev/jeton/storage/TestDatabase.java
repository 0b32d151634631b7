package dev.jeton.storage;

import dev.jeton.SeededRandom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jdbi.v3.core.HandleConsumer;

/** Databases for tests, of either kind, with the newest schema: copies of one that was migrated once. */
public final class TestDatabase {
    private static final byte[] MASTER_KEY = masterKey(1);
    private static final int WORKERS = 4;
    private static final AtomicInteger copies = new AtomicInteger();

    private TestDatabase() {}

    /** In that file, which is made if need be; without a schema if it is new. */
    public static Database sqlite(Path file) {
        return Database.sqlite(file, WORKERS);
    }

    public static Database postgreSql(Database.PostgreSql server) {
        return Database.postgreSql(server, WORKERS);
    }

    private static final class SqliteTemplate {
        private static final byte[] FILE = migrated();

        private static byte[] migrated() {
            try {
                Path folder = Files.createTempDirectory("jeton-template");
                Path file = folder.resolve("jeton.db");
                try (Database database = sqlite(file)) {
                    Migrations.run(database);
                }
                byte[] content = Files.readAllBytes(file);
                Files.delete(file);
                Files.delete(folder);
                return content;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class PostgresTemplate {
        /** Another database of the same server, from which the template can be copied: nobody may be connected to it. */
        private static final Database.PostgreSql SERVER = TestPostgres.freshDatabase();

        private static final Database.PostgreSql MIGRATED = migrated();

        private static Database.PostgreSql migrated() {
            Database.PostgreSql server = TestPostgres.freshDatabase();
            try (Database database = postgreSql(server)) {
                Migrations.run(database);
            }
            return server;
        }
    }

    private static final class PostgresInTurn {
        private static final Database.PostgreSql SERVER = postgresCopy();

        private static final String EMPTY = """
                do $$
                begin
                    execute (select 'truncate ' || string_agg(tablename, ', ') || ' restart identity cascade'
                               from pg_tables
                              where schemaname = 'public' and tablename <> 'flyway_schema_history');
                    insert into usage_counted (position) values (0);
                end $$""";
    }

    /**
     * A migrated database with nothing in it: a file in that folder, or one PostgreSQL database that all who ask get in
     * turn, since making them takes longer than most tests. Whoever had it before has closed it.
     */
    public static Database migrated(Database.Dialect dialect, Path folder) {
        return switch (dialect) {
            case SQLITE -> sqlite(sqliteCopy(folder));
            case POSTGRESQL -> {
                execute(PostgresInTurn.SERVER, PostgresInTurn.EMPTY);
                yield postgreSql(PostgresInTurn.SERVER);
            }
        };
    }

    /** A migrated database that nobody else is given, to be opened as often as one likes. */
    static Supplier<Database> place(Database.Dialect dialect, Path folder) {
        return switch (dialect) {
            case SQLITE -> {
                Path file = sqliteCopy(folder);
                yield () -> sqlite(file);
            }
            case POSTGRESQL -> {
                Database.PostgreSql server = postgresCopy();
                yield () -> postgreSql(server);
            }
        };
    }

    /** A database of its own without a schema. */
    static Database empty(Database.Dialect dialect, Path folder) {
        return switch (dialect) {
            case SQLITE -> sqlite(folder.resolve("empty-" + copies.incrementAndGet() + ".db"));
            case POSTGRESQL -> postgreSql(TestPostgres.freshDatabase());
        };
    }

    private static Path sqliteCopy(Path folder) {
        Path file = folder.resolve("jeton-" + copies.incrementAndGet() + ".db");
        try {
            return Files.write(file, SqliteTemplate.FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A migrated PostgreSQL database that several may open. */
    public static synchronized Database.PostgreSql postgresCopy() {
        Database.PostgreSql template = PostgresTemplate.MIGRATED;
        Database.PostgreSql server = PostgresTemplate.SERVER;
        String name = "copy_" + copies.incrementAndGet();
        execute(server, "create database " + name + " template " + name(template));
        return new Database.PostgreSql(
                server.url().substring(0, server.url().lastIndexOf('/') + 1) + name, server.user(), server.password());
    }

    /** The name of that database on its server. */
    public static String name(Database.PostgreSql server) {
        return server.url().substring(server.url().lastIndexOf('/') + 1);
    }

    /** Runs a statement on a connection of its own, outside of any pool. */
    public static void execute(Database.PostgreSql server, String sql) {
        try (var connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Encryption encryption(Database database) {
        return Encryption.open(database, MASTER_KEY, new SeededRandom(1));
    }

    public static byte[] masterKey(int number) {
        byte[] key = new byte[Encryption.MASTER_KEY_BYTES];
        key[0] = (byte) number;
        return key;
    }

    /** What a transaction announces in the feed: each {@code "entity id"}, in its order. */
    public static List<String> announcedBy(Database database, HandleConsumer<RuntimeException> change) {
        long before = database.<Long, RuntimeException>read(
                handle -> handle.createQuery("select coalesce(max(sequence), 0) from changes")
                        .mapTo(Long.class)
                        .one());
        database.change(change);
        return database.<List<String>, RuntimeException>read(handle -> handle.createQuery(
                        "select entity || ' ' || id from changes where sequence > :before order by sequence")
                .bind("before", before)
                .mapTo(String.class)
                .list());
    }
}
