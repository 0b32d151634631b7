package dev.jeton.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the one database, SQLite or PostgreSQL.
 *
 * <p>Writers of the registry come one after the other on both, so that the sequence numbers of {@link ChangeFeed} commit
 * in order: there is a single writing connection, and on PostgreSQL, where each node has one, an advisory lock.
 */
public final class Database implements AutoCloseable {
    /** The SQL that is spoken; statements differ only where they must. */
    public enum Dialect {
        SQLITE,
        POSTGRESQL
    }

    /** A PostgreSQL server; {@code url} begins with {@code jdbc:postgresql:} and holds no password. */
    public record PostgreSql(
            String url, @Nullable String user, @Nullable String password) {
        @Override
        public String toString() {
            return "PostgreSql[" + url + "]";
        }
    }

    /** Beside the workers read the feed of changes, the audit log, its upkeep, the server's, and who checks passwords. */
    private static final int OTHER_READERS = 5;

    private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(1);
    /** How long a statement may say nothing: so long an answer waits at most when the server stops answering. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);
    /** How long a starting server waits for another that starts or changes much, and how often it looks. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(1);

    private static final Duration START_LOOKS = Duration.ofMillis(20);
    /** Any constant will do, as long as nothing else in the same database takes it: "jeton" in ASCII. */
    static final long WRITER_LOCK = 0x6a65746f6eL;

    private final Dialect dialect;
    private final HikariDataSource readerPool;
    private final HikariDataSource writerPool;
    private final Jdbi readers;
    private final Jdbi writer;

    private Database(Dialect dialect, HikariDataSource readerPool, HikariDataSource writerPool) {
        this.dialect = dialect;
        this.readerPool = readerPool;
        this.writerPool = writerPool;
        this.readers = Jdbi.create(readerPool);
        this.writer = Jdbi.create(writerPool);
    }

    /**
     * Opens, and makes if need be, the SQLite database in that file.
     *
     * @param workers as in {@link #postgreSql(PostgreSql, int)}
     */
    public static Database sqlite(Path file, int workers) {
        HikariDataSource writer = sqlitePool(file, "jeton-writer", 1);
        return new Database(Dialect.SQLITE, sqlitePool(file, "jeton-reader", workers + OTHER_READERS), writer);
    }

    private static HikariDataSource sqlitePool(Path file, String name, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl("jdbc:sqlite:" + file.toAbsolutePath());
        config.setDataSourceProperties(sqliteProperties());
        config.setMaximumPoolSize(connections);
        return pool(config);
    }

    /** What every SQLite connection of ours sets: a write is on disk when its commit returns. */
    public static Properties sqliteProperties() {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        properties.setProperty("foreign_keys", "true");
        properties.setProperty("busy_timeout", "5000");
        properties.setProperty("transaction_mode", "IMMEDIATE");
        return properties;
    }

    /**
     * Connects at once, if it can.
     *
     * <p>Writers have a connection of their own, as they wait for each other anyway, here and in the database: however many
     * wait, a reader finds one, above all the feed of changes, without which no token is given out.
     *
     * @param workers threads that use the database beside those of the server itself, each with one statement at a time
     */
    public static Database postgreSql(PostgreSql server, int workers) {
        return new Database(
                Dialect.POSTGRESQL,
                postgreSqlPool(server, "jeton-reader", workers + OTHER_READERS),
                postgreSqlPool(server, "jeton-writer", 1));
    }

    private static HikariDataSource postgreSqlPool(PostgreSql server, String name, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(server.url());
        if (server.user() != null) {
            config.setUsername(server.user());
        }
        if (server.password() != null) {
            config.setPassword(server.password());
        }
        config.setMaximumPoolSize(connections);
        config.addDataSourceProperty("ApplicationName", "jeton");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", Long.toString(CONNECTION_TIMEOUT.toSeconds()));
        config.addDataSourceProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
        return pool(config);
    }

    private static HikariDataSource pool(HikariConfig config) {
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
        config.setValidationTimeout(VALIDATION_TIMEOUT.toMillis());
        // One connection is opened here and now, however long a busy machine takes for it. A database that cannot be
        // reached is reported by the first use, in our words.
        config.setInitializationFailTimeout(0);
        return new HikariDataSource(config);
    }

    public Dialect dialect() {
        return dialect;
    }

    /** For the audit log, which keeps a connection, and Flyway, which manages its own transactions. */
    public HikariDataSource readerPool() {
        return readerPool;
    }

    /** Opens a connection that no pool counts: having none more must not cost a reader its own. */
    Connection connectAside() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(readerPool.getDataSourceProperties());
        if (readerPool.getUsername() != null) {
            properties.setProperty("user", readerPool.getUsername());
        }
        if (readerPool.getPassword() != null) {
            properties.setProperty("password", readerPool.getPassword());
        }
        return DriverManager.getConnection(readerPool.getJdbcUrl(), properties);
    }

    /**
     * Reads; each statement sees what is committed when it begins. On a lost connection {@code query} is run once more.
     *
     * @throws StorageUnavailableException if the database cannot be used now
     */
    public <T extends @Nullable Object, X extends Exception> T read(HandleCallback<T, X> query) throws X {
        try {
            return readers.withHandle(query);
        } catch (JdbiException | StorageUnavailableException e) {
            RuntimeException first = e instanceof JdbiException jdbi ? translate(jdbi) : e;
            if (dialect == Dialect.SQLITE || !(first instanceof StorageUnavailableException)) {
                throw first;
            }
        }
        // A PostgreSQL server that restarted has cut every pooled connection: all but this one would fail likewise.
        readerPool.getHikariPoolMXBean().softEvictConnections();
        writerPool.getHikariPoolMXBean().softEvictConnections();
        try {
            return readers.withHandle(query);
        } catch (JdbiException e) {
            throw translate(e);
        }
    }

    /**
     * {@link #read}, where every statement sees what was committed when the first one began, so that what is counted and
     * what is listed agree.
     */
    public <T extends @Nullable Object, X extends Exception> T readSnapshot(HandleCallback<T, X> query) throws X {
        return read(handle -> switch (dialect) {
            case SQLITE -> deferred(handle, query);
            case POSTGRESQL -> handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, query);
        });
    }

    /** By hand: the driver's own transactions are those of writers, and wait for each other. */
    private static <T extends @Nullable Object, X extends Exception> T deferred(
            Handle handle, HandleCallback<T, X> query) throws X {
        handle.execute("begin deferred");
        try {
            return query.withHandle(handle);
        } finally {
            handle.execute("rollback");
        }
    }

    /**
     * Writes in one transaction, alone among all writers of the registry.
     *
     * @throws StorageUnavailableException if the database cannot be used now; nothing was written
     */
    public <T extends @Nullable Object, X extends Exception> T write(HandleCallback<T, X> change) throws X {
        return writeOnce(handle -> handle.execute("select pg_advisory_xact_lock(?)", WRITER_LOCK), change);
    }

    /**
     * {@link #write} while the server starts: another node may be filling the database, which takes longer there than an
     * answer may, and is waited for.
     */
    public <T extends @Nullable Object, X extends Exception> T writeAtStart(HandleCallback<T, X> change) throws X {
        return writeOnce(Database::lockPatiently, change);
    }

    private <T extends @Nullable Object, X extends Exception> T writeOnce(
            Consumer<Handle> lock, HandleCallback<T, X> change) throws X {
        try {
            return writer.inTransaction(handle -> {
                if (dialect == Dialect.POSTGRESQL) {
                    lock.accept(handle);
                }
                return change.withHandle(handle);
            });
        } catch (JdbiException e) {
            throw translate(e);
        }
    }

    /** Asks again and again: a statement that waits is given up after {@link #SOCKET_TIMEOUT}. */
    private static void lockPatiently(Handle handle) {
        long began = System.nanoTime();
        while (!handle.createQuery("select pg_try_advisory_xact_lock(?)")
                .bind(0, WRITER_LOCK)
                .mapTo(Boolean.class)
                .one()) {
            if (System.nanoTime() - began > START_PATIENCE.toNanos()) {
                throw new StorageUnavailableException("another server has been changing the database for "
                        + START_PATIENCE.toSeconds() + " s: start again when it has ended");
            }
            LockSupport.parkNanos(START_LOOKS.toNanos());
        }
    }

    /** {@link #write} for a change that returns nothing. */
    public <X extends Exception> void change(HandleConsumer<X> change) throws X {
        this.<@Nullable Void, X>write(handle -> {
            change.useHandle(handle);
            return null;
        });
    }

    /** Whether a statement can be run now. */
    public boolean answers() {
        try {
            return this.<Boolean, RuntimeException>read(Database::ping);
        } catch (StorageUnavailableException e) {
            return false;
        }
    }

    private static boolean ping(Handle handle) {
        handle.execute("select 1");
        return true;
    }

    /**
     * Tells a database that cannot be used now (full disk, lost connection, stopped server) from a fault of ours.
     */
    static RuntimeException translate(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && StorageUnavailableException.describes(sql)) {
                return new StorageUnavailableException(sql);
            }
        }
        return e instanceof ConnectionException ? new StorageUnavailableException(e) : e;
    }

    @Override
    public void close() {
        readerPool.close();
        writerPool.close();
    }
}
