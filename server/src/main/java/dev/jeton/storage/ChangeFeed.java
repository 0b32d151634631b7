package dev.jeton.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the in-memory views of the registry current. Every change writes a row {@code (sequence, entity, id)} in its own
 * transaction; each node reads the rows it has not seen and has the views reload those entities.
 *
 * <p>On PostgreSQL a thread follows by {@code LISTEN} and, always, by polling; a node that could not poll for longer than
 * {@link #MOST_STALE} says so by {@link #isCurrent}. On SQLite this process makes all changes, so that {@link #catchUp}
 * after each is enough; the thread only makes good one that failed.
 */
public final class ChangeFeed implements AutoCloseable {
    /** How long a change made on another node may go unseen by a node that answers. */
    public static final Duration MOST_STALE = Duration.ofSeconds(1);

    private static final Duration POLL_EVERY = Duration.ofMillis(250);
    private static final int BATCH = 1_000;
    private static final long KEPT = 1_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

    private static final String NEWEST = "select coalesce(max(sequence), 0) from changes";
    private static final String OLDEST = "select coalesce(min(sequence), 0) from changes";
    private static final String ANNOUNCE = "insert into changes (entity, id) values (:entity, :id)";
    private static final String AFTER = """
            select sequence, entity, id
              from changes
             where sequence > :sequence
             order by sequence
             limit :most""";
    private static final String FORGET = """
            delete from changes
             where sequence <= (select max(sequence) from changes) - :kept""";

    /** A view of one kind of entity. */
    public interface View {
        /** Forgets everything and loads all entities. */
        void loadAll();

        /** Loads these entities anew; those that are gone from the database go from the view. */
        void reload(Set<String> ids);
    }

    private record Change(long sequence, String entity, String id) {}

    private final Database database;
    private final Map<String, View> views = new LinkedHashMap<>();
    private final Object catchingUp = new Object();
    private long seen;
    private volatile long polledNanos;
    /** On SQLite: a change was not applied, and nothing has been since. */
    private volatile boolean behind;

    private volatile boolean closed;
    private boolean failing;
    private @Nullable Thread follower;

    public ChangeFeed(Database database) {
        this.database = database;
    }

    /** Registers a view; before {@link #start}. */
    public void add(String entity, View view) {
        views.put(entity, view);
    }

    /** Loads every view and follows from there. */
    public void start() {
        loadAll();
        Runnable task = switch (database.dialect()) {
            case SQLITE -> this::makeGood;
            case POSTGRESQL -> this::follow;
        };
        follower = Thread.ofPlatform().name("jeton-changes").daemon().start(task);
    }

    private void loadAll() {
        synchronized (catchingUp) {
            long asked = System.nanoTime();
            // Taken first: what changes while the views load is seen once more, which does no harm.
            seen = number(NEWEST);
            views.values().forEach(View::loadAll);
            polledNanos = asked;
        }
    }

    private long number(String query) {
        return database.<Long, RuntimeException>read(
                handle -> handle.createQuery(query).mapTo(Long.class).one());
    }

    /** Says in the transaction of a change what was changed. */
    public void announce(Handle handle, String entity, String id) {
        handle.createUpdate(ANNOUNCE).bind("entity", entity).bind("id", id).execute();
        if (database.dialect() == Database.Dialect.POSTGRESQL) {
            handle.execute("select pg_notify('jeton_changes', '')");
        }
    }

    /**
     * Applies what was committed before this call.
     *
     * @throws StorageUnavailableException if the database cannot be asked
     */
    public void catchUp() {
        synchronized (catchingUp) {
            try {
                long asked = System.nanoTime();
                List<Change> changes;
                do {
                    changes = after(seen);
                    apply(changes);
                } while (changes.size() == BATCH);
                polledNanos = asked;
                behind = false;
            } catch (RuntimeException e) {
                behind = true;
                LockSupport.unpark(follower);
                throw e;
            }
        }
    }

    private List<Change> after(long sequence) {
        return database.read(handle -> handle.createQuery(AFTER)
                .bind("sequence", sequence)
                .bind("most", BATCH)
                .map((row, _) -> new Change(row.getLong("sequence"), row.getString("entity"), row.getString("id")))
                .list());
    }

    private void apply(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        // A node that slept while more was forgotten than it had seen cannot know what it missed.
        if (changes.getFirst().sequence() > seen + 1 && number(OLDEST) > seen + 1) {
            views.values().forEach(View::loadAll);
        } else {
            Map<String, Set<String>> byEntity = new LinkedHashMap<>();
            changes.forEach(change -> byEntity.computeIfAbsent(change.entity(), _ -> new LinkedHashSet<>())
                    .add(change.id()));
            byEntity.forEach((entity, ids) -> {
                View view = views.get(entity);
                if (view != null) {
                    view.reload(ids);
                }
            });
        }
        seen = changes.getLast().sequence();
    }

    /** Whether the views hold everything that was committed {@link #MOST_STALE} ago. */
    public boolean isCurrent() {
        return switch (database.dialect()) {
            case SQLITE -> !behind;
            case POSTGRESQL -> System.nanoTime() - polledNanos <= MOST_STALE.toNanos();
        };
    }

    /** Drops rows that every living node has long seen. */
    public void forgetOld() {
        database.change(handle -> handle.createUpdate(FORGET).bind("kept", KEPT).execute());
    }

    private void makeGood() {
        while (!closed) {
            if (behind) {
                tryToCatchUp();
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void follow() {
        @Nullable Connection listening = null;
        while (!closed) {
            try {
                if (listening == null) {
                    listening = listen();
                }
                listening.unwrap(PGConnection.class).getNotifications((int) POLL_EVERY.toMillis());
            } catch (SQLException e) {
                LOG.debug("no notifications; polling goes on", e);
                end(listening);
                listening = null;
                LockSupport.parkNanos(POLL_EVERY.toNanos());
            }
            tryToCatchUp();
        }
        end(listening);
    }

    private void tryToCatchUp() {
        try {
            catchUp();
            if (failing) {
                LOG.info("the registry is current again");
                failing = false;
            }
        } catch (RuntimeException e) {
            if (!failing && !closed) {
                LOG.warn("cannot follow changes of the registry; no tokens until this ends: {}", e.getMessage());
                failing = true;
            }
            if (!closed) {
                LockSupport.parkNanos(POLL_EVERY.toNanos());
            }
        }
    }

    private Connection listen() throws SQLException {
        Connection connection = database.readerPool().getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen jeton_changes");
        }
        return connection;
    }

    /** A connection that listens must not serve anybody else. */
    private void end(@Nullable Connection connection) {
        if (connection != null) {
            database.readerPool().evictConnection(connection);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (follower != null) {
            LockSupport.unpark(follower);
            try {
                // Longer than that it waits only for a database that does not answer, whose connections are closed
                // next.
                follower.join(MOST_STALE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
