package dev.jeton.audit;

import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token events in the table {@code token_events} of the main database, partitioned by UTC day; several nodes append at
 * the same time.
 *
 * <p>How a place is chosen, for a group and for a change, each step in a statement, so with a snapshot, of its own:
 *
 * <ol>
 *   <li>take a shared advisory lock that names a millisecond, and blocks nobody: it only shows, until the transaction
 *       has ended and is visible, that something may yet appear from that millisecond on;
 *   <li>read the newest millisecond in the log, and take a later one, not before the one the lock names.
 * </ol>
 *
 * <p>How a checkpoint reader finds its bound: it reads the newest millisecond N, then the locks, then the records up to
 * N and before every millisecond that a lock names. What it cannot see by then has either a lock among those it read,
 * and stands not before that lock's millisecond; or took its lock later, so saw N, and stands after N. No clock is relied
 * on. A node that hangs within such a transaction holds checkpoint readers back, not writers, until its connection ends.
 */
final class PostgresAuditStore implements AuditStore {
    private static final Logger log = LoggerFactory.getLogger(PostgresAuditStore.class);

    /** Any constants will do that nothing else in the database takes: "jaud" and "jpar" in ASCII. */
    private static final int IN_FLIGHT = 0x6a617564;

    private static final long PARTITIONING = 0x6a706172L;

    private static final List<String> CREATE = List.of("""
            create table if not exists token_events (
                position           bigint   not null primary key,
                kind               smallint not null,
                at_ms              bigint   not null,
                client_id          text,
                client_name        text,
                resource_server_id text,
                audience           text,
                scope              text,
                jti                text,
                error              text,
                description        text,
                reason             text,
                reason_code        text,
                granted            text,
                ip                 text     not null,
                user_agent         text,
                request_id         text     not null,
                execution          text,
                events             bigint   not null
            ) partition by range (position)""", """
            create sequence if not exists token_events_number
                minvalue 0 maxvalue %d cycle""".formatted(LogPosition.MAX_NUMBER));

    /** The columns that a table of an older server may lack. */
    private static final List<String> ADDED = List.of("execution", "reason_code", "granted");

    private static final String COUNT_ADDED = """
            select count(*)
              from pg_attribute
             where attrelid = 'token_events'::regclass and attname in (<added>) and not attisdropped""";

    /** A default of {@code off} would call a group stored that is not; other values a database's owner chose stay. */
    private static final String SYNCED = """
            select set_config('synchronous_commit', 'on', false)
             where current_setting('synchronous_commit') = 'off'""";

    private static final String LOCK = "select pg_advisory_xact_lock_shared(?, ?)";

    private static final String NEWEST_MS = """
            select greatest(
                (select position >> 20 from token_events where position >= ? order by position desc limit 1),
                (select max(log_ms) from change_events),
                0)""";

    private static final String LOCKED_MS = """
            select objid::bigint
              from pg_locks
             where locktype = 'advisory' and classid = ?::bigint::oid and objsubid = 2
               and database = (select oid from pg_database where datname = current_database())""";

    private static final String INSERT = """
            insert into token_events (position, kind, at_ms, client_id, client_name, resource_server_id, audience,
                                      scope, jti, error, description, reason, ip, user_agent, request_id,
                                      execution, events, reason_code, granted)
            select ms << 20 | nextval('token_events_number'), kind, at_ms, client_id, client_name, resource_server_id,
                   audience, scope, jti, error, description, reason, ip, user_agent, request_id,
                   execution, events, reason_code, granted
              from unnest(?::bigint[], ?::smallint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                          ?::text[], ?::bigint[], ?::text[], ?::text[])
                as rows (ms, kind, at_ms, client_id, client_name, resource_server_id, audience,
                         scope, jti, error, description, reason, ip, user_agent, request_id,
                         execution, events, reason_code, granted)""";

    private static final String PARTITIONS = """
            select c.relname, pg_total_relation_size(c.oid)
              from pg_inherits i join pg_class c on c.oid = i.inhrelid
             where i.inhparent = 'token_events'::regclass
             order by c.relname""";

    private static final int VALIDITY_TIMEOUT_S = 2;

    private static final String PREFIX = "token_events_";
    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;

    private final Database database;
    private final Set<LocalDate> partitions = new HashSet<>();
    /** Of the writing thread only; null until needed and after a failure. */
    private @Nullable Connection writing;
    /** A millisecond that was seen committed, or the start: newer ones are looked for in the partitions from there. */
    private final AtomicLong knownMs = new AtomicLong();

    private PostgresAuditStore(Database database) {
        this.database = database;
    }

    /**
     * Opens the log in that database, whose tables are made if need be.
     *
     * @throws StorageUnavailableException if the database cannot be used now
     */
    static PostgresAuditStore open(Database database) {
        database.<@Nullable Void, RuntimeException>writeAtStart(handle -> {
            CREATE.forEach(handle::execute);
            return null;
        });
        int there = database.read(handle -> handle.createQuery(COUNT_ADDED)
                .bindList("added", ADDED)
                .mapTo(int.class)
                .one());
        if (there < ADDED.size()) {
            database.change(handle -> {
                // Behind a long reader it would wait, and all appends behind it.
                handle.execute("set local lock_timeout = '2s'");
                ADDED.forEach(column ->
                        handle.execute("alter table token_events add column if not exists " + column + " text"));
            });
        }
        PostgresAuditStore store = new PostgresAuditStore(database);
        store.read(store::newestCommittedMs);
        return store;
    }

    @Override
    public void append(List<TokenRow> rows) {
        try {
            Connection connection = connection();
            long ms = lockAndChoose(connection, rows.getFirst().atMs());
            LocalDate day = LogPosition.day(ms);
            if (!partitions.contains(day)) {
                // In a transaction of its own, or the other nodes would wait for this group to make theirs.
                connection.rollback();
                create(connection, day);
                connection.commit();
                partitions.add(day);
                ms = lockAndChoose(connection, rows.getFirst().atMs());
            }
            long last = insert(connection, ms, rows);
            connection.commit();
            known(last);
        } catch (SQLException e) {
            abandon();
            throw new StorageUnavailableException(e);
        }
    }

    private Connection connection() throws SQLException {
        Connection open = writing;
        if (open == null) {
            open = liveConnection();
            writing = open;
            open.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            open.setAutoCommit(false);
            try (Statement statement = open.createStatement()) {
                statement.execute(SYNCED);
            }
            open.commit();
        }
        return open;
    }

    /** The pool hands on connections used a moment ago unchecked; after a restart of the database all are dead. */
    private Connection liveConnection() throws SQLException {
        Connection connection = database.readerPool().getConnection();
        while (!connection.isValid(VALIDITY_TIMEOUT_S)) {
            database.readerPool().evictConnection(connection);
            connection = database.readerPool().getConnection();
        }
        return connection;
    }

    private long lockAndChoose(Connection connection, long atMs) throws SQLException {
        lock(connection, atMs);
        return Math.max(atMs, newestCommittedMs(connection) + 1);
    }

    private void lock(Connection connection, long atMs) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setInt(1, IN_FLIGHT);
            // The low half is enough: it names a millisecond within the three weeks before or after the newest.
            lock.setInt(2, (int) Math.max(atMs, knownMs.get()));
            lock.execute();
        }
    }

    /** The newest millisecond in the log; the transaction has added none of its own. */
    private long newestCommittedMs(Connection connection) throws SQLException {
        return known(newestMs(connection));
    }

    private long known(long committedMs) {
        return knownMs.accumulateAndGet(committedMs, Math::max);
    }

    private long newestMs(Connection connection) throws SQLException {
        long known = knownMs.get();
        try (PreparedStatement newest = connection.prepareStatement(NEWEST_MS)) {
            newest.setLong(1, LogPosition.firstTokenKey(known));
            try (ResultSet found = newest.executeQuery()) {
                found.next();
                // What is known may have been dropped since; what comes still comes later.
                return Math.max(found.getLong(1), known);
            }
        }
    }

    /** Writes a group and returns its last millisecond; the caller lets no group span two days. */
    private static long insert(Connection connection, long firstMs, List<TokenRow> rows) throws SQLException {
        Long[] places = new Long[rows.size()];
        long ms = firstMs;
        for (int i = 0; i < places.length; i++) {
            ms = Math.max(ms, rows.get(i).atMs());
            places[i] = ms;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, connection.createArrayOf("bigint", places));
            bind(insert, 2, "smallint", rows, row -> (short) row.kind().code());
            bind(insert, 3, "bigint", rows, TokenRow::atMs);
            bind(insert, 4, "text", rows, TokenRow::clientId);
            bind(insert, 5, "text", rows, TokenRow::clientName);
            bind(insert, 6, "text", rows, TokenRow::resourceServerId);
            bind(insert, 7, "text", rows, TokenRow::audience);
            bind(insert, 8, "text", rows, TokenRow::scope);
            bind(insert, 9, "text", rows, TokenRow::jti);
            bind(insert, 10, "text", rows, TokenRow::error);
            bind(insert, 11, "text", rows, TokenRow::description);
            bind(insert, 12, "text", rows, TokenRow::reason);
            bind(insert, 13, "text", rows, TokenRow::ip);
            bind(insert, 14, "text", rows, TokenRow::userAgent);
            bind(insert, 15, "text", rows, TokenRow::requestId);
            bind(insert, 16, "text", rows, TokenRow::execution);
            bind(insert, 17, "bigint", rows, TokenRow::count);
            bind(insert, 18, "text", rows, TokenRow::reasonCode);
            bind(insert, 19, "text", rows, TokenRow::granted);
            insert.executeUpdate();
        }
        return ms;
    }

    private static void bind(
            PreparedStatement insert,
            int column,
            String type,
            List<TokenRow> rows,
            Function<TokenRow, @Nullable Object> value)
            throws SQLException {
        insert.setArray(
                column,
                insert.getConnection()
                        .createArrayOf(type, rows.stream().map(value).toArray()));
    }

    private void abandon() {
        Connection failed = writing;
        writing = null;
        // What another node dropped or a restored backup lacks is made again.
        partitions.clear();
        if (failed != null) {
            close(failed);
        }
    }

    private static void close(Connection connection) {
        try {
            // The pool must not hand it on with settings of ours.
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            log.debug("a failed connection could not be rolled back", e);
        }
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("a failed connection could not be closed", e);
        }
    }

    @Override
    public long placeChange(Handle transaction, long atMs) {
        try {
            Connection connection = transaction.getConnection();
            lock(connection, atMs);
            // Not what is known to be committed: the transaction may have recorded another change before.
            return Math.max(atMs, newestMs(connection) + 1);
        } catch (SQLException e) {
            throw new StorageUnavailableException(e);
        }
    }

    @Override
    public long settledBefore() {
        return read(connection -> {
            long newest = newestCommittedMs(connection);
            long bound = newest + 1;
            try (PreparedStatement locked = connection.prepareStatement(LOCKED_MS)) {
                locked.setInt(1, IN_FLIGHT);
                try (ResultSet found = locked.executeQuery()) {
                    while (found.next()) {
                        int ahead = (int) (found.getLong(1) - newest);
                        bound = Math.min(bound, newest + ahead);
                    }
                }
            }
            return bound;
        });
    }

    @Override
    public List<TokenRow.Stored> find(Query query, boolean newestFirst, int limit) {
        return read(connection -> TokenEventStore.find(connection, query, newestFirst, limit));
    }

    @Override
    public Stretch stretch(long fromKey, long toKey, boolean newest, int limit) {
        return read(connection -> TokenEventStore.stretch(connection, fromKey, toKey, newest, limit));
    }

    @Override
    public Set<Origin> origins(long fromKey, long toKey, @Nullable String clientId) {
        return read(connection -> TokenEventStore.origins(connection, fromKey, toKey, clientId));
    }

    @Override
    public Optional<UsageChunk> countUsage(long afterKey, long beforeKey, int limit) {
        return read(connection -> TokenEventStore.countUsage(connection, afterKey, beforeKey, limit));
    }

    private interface ConnectionQuery<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T read(ConnectionQuery<T> query) {
        return database.read(handle -> {
            try {
                return query.run(handle.getConnection());
            } catch (SQLException e) {
                throw new StorageUnavailableException(e);
            }
        });
    }

    @Override
    public List<Day> days() {
        return database.read(handle -> handle.createQuery(PARTITIONS)
                .map((found, context) -> new Day(
                        LocalDate.parse(found.getString(1).substring(PREFIX.length()), SUFFIX), found.getLong(2)))
                .list());
    }

    @Override
    public void prepare(LocalDate day) {
        try {
            database.<SQLException>change(handle -> create(handle.getConnection(), day));
        } catch (SQLException e) {
            throw new StorageUnavailableException(e);
        }
    }

    /** Makes a day's partition unless it is there; attached and not made in place, which would stop all writers. */
    private static void create(Connection connection, LocalDate day) throws SQLException {
        String name = name(day);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + PARTITIONING + ")");
            try (ResultSet present = statement.executeQuery("select to_regclass('" + name + "') is not null")) {
                present.next();
                if (present.getBoolean(1)) {
                    return;
                }
            }
            statement.execute("create table " + name + " (like token_events including defaults)");
            // Here and not when the day is over: to build it then takes longer than a statement may.
            statement.execute("create index on " + name + " (client_id, position)");
            statement.execute("alter table token_events attach partition " + name + " for values from (" + firstKey(day)
                    + ") to (" + firstKey(day.plusDays(1)) + ")");
        }
    }

    private static long firstKey(LocalDate day) {
        return LogPosition.firstTokenKey(LogPosition.startMs(day));
    }

    private static String name(LocalDate day) {
        return PREFIX + SUFFIX.format(day);
    }

    /** Each partition is made with its index. */
    @Override
    public void index(LocalDate before) {}

    @Override
    public void drop(LocalDate day) {
        database.change(handle -> {
            // The table's writers wait behind this: rather not drop now than let them wait for a long reader.
            handle.execute("set local lock_timeout = '1s'");
            handle.execute("drop table if exists " + name(day));
        });
    }

    @Override
    public void close() {
        if (writing != null) {
            close(writing);
            writing = null;
        }
    }
}
