package dev.jeton.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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
 * <p>On PostgreSQL a thread polls, and another, which has {@code LISTEN}, wakes it early; a node that could not poll for
 * longer than {@link #MOST_STALE} says so by {@link #isCurrent}. On SQLite this process makes all changes, so that {@link
 * #catchUp} after each is enough; the thread only makes good one that failed.
 */
public final class ChangeFeed implements AutoCloseable {
    /** How long a change made on another node may go unseen by a node that answers. */
    public static final Duration MOST_STALE = Duration.ofSeconds(1);

    private static final Duration POLL_EVERY = Duration.ofMillis(250);
    private static final String LISTEN = "listen jeton_changes";
    /** So often it is said again: a connection that is lost on the way is as silent as one without news. */
    private static final int LOOKS_BETWEEN_WORDS = 120;
    /** On a busy machine that has just woken, one takes more than a second. */
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(5);

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

    /**
     * What the views hold at least: all changes up to {@code sequence}, and all that was committed at that time.
     *
     * @param nanos by {@link System#nanoTime}, which stands still while some machines sleep
     * @param epochMs by the clock, which does not
     */
    public record Moment(long sequence, long nanos, long epochMs) {
        private Moment at(long newSequence) {
            return new Moment(newSequence, nanos, epochMs);
        }
    }

    private final Database database;
    private final InstantSource clock;
    private final Map<String, View> views = new LinkedHashMap<>();
    private final Object catchingUp = new Object();
    private volatile Moment polled = new Moment(0, 0, 0);
    /** On SQLite: a change was not applied, and nothing has been since. */
    private volatile boolean behind;

    private volatile boolean closed;
    private volatile boolean failing;
    private volatile CompletableFuture<@Nullable Void> attempt = new CompletableFuture<>();
    private @Nullable Thread follower;
    private @Nullable Thread listener;

    public ChangeFeed(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
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
        Thread started = Thread.ofPlatform().name("jeton-changes").daemon().start(task);
        follower = started;
        if (database.dialect() == Database.Dialect.POSTGRESQL) {
            listener = Thread.ofPlatform().name("jeton-notifications").daemon().start(() -> listen(started));
        }
    }

    private void loadAll() {
        synchronized (catchingUp) {
            Moment asked = now();
            // Taken first: what changes while the views load is seen once more, which does no harm.
            long newest = number(NEWEST);
            views.values().forEach(View::loadAll);
            polled = asked.at(newest);
        }
    }

    /** With the sequence of the last poll. */
    private Moment now() {
        return new Moment(polled.sequence(), System.nanoTime(), clock.millis());
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
                Moment asked = now();
                long seen = asked.sequence();
                List<Change> changes;
                do {
                    changes = after(seen);
                    seen = apply(seen, changes);
                } while (changes.size() == BATCH);
                polled = asked.at(seen);
                behind = false;
            } catch (RuntimeException e) {
                behind = true;
                if (Thread.currentThread() != follower) { // which would not wait before its next attempt
                    LockSupport.unpark(follower);
                }
                throw e;
            } finally {
                endAttempt();
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

    /** Returns the sequence of the last change that the views have now. */
    private long apply(long seen, List<Change> changes) {
        if (changes.isEmpty()) {
            return seen;
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
        return changes.getLast().sequence();
    }

    /** Whether the views hold everything that was committed {@link #MOST_STALE} ago. */
    public boolean isCurrent() {
        return switch (database.dialect()) {
            case SQLITE -> !behind;
            case POSTGRESQL -> isYoung(polled);
        };
    }

    private boolean isYoung(Moment moment) {
        return System.nanoTime() - moment.nanos() <= MOST_STALE.toNanos()
                && clock.millis() - moment.epochMs() <= MOST_STALE.toMillis();
    }

    /** Where the views are; whoever decides by them and answers later takes it before. */
    public Moment moment() {
        return switch (database.dialect()) {
            case SQLITE -> now();
            case POSTGRESQL -> polled;
        };
    }

    /**
     * Whether what was decided at that moment may be answered now: {@link #MOST_STALE} has not passed since, or nothing has
     * changed. Between the two, the process may have been stopped or the answer have waited for its record.
     */
    public boolean holds(Moment decided) {
        return isYoung(decided) || (isCurrent() && polled.sequence() == decided.sequence());
    }

    /**
     * For what is answered even if the views are old: completes when they are current or the next attempt to make them so
     * has failed or taken too long, and at once if it is known that it fails.
     */
    public CompletionStage<?> caughtUp() {
        return isCurrent() || failing
                ? CompletableFuture.completedFuture(null)
                : attempt.copy().completeOnTimeout(null, LONGEST_ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
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
        while (!closed) {
            LockSupport.parkNanos(this, POLL_EVERY.toNanos());
            tryToCatchUp();
        }
    }

    /** Beside the polling and on a connection of its own, so that losing it delays nothing. */
    private void listen(Thread woken) {
        while (!closed) {
            try (Connection connection = database.connectAside();
                    Statement statement = connection.createStatement()) {
                statement.execute(LISTEN);
                LockSupport.unpark(woken);
                for (int looks = 1; !closed; looks++) {
                    if (looks % LOOKS_BETWEEN_WORDS == 0) {
                        statement.execute(LISTEN);
                    }
                    if (connection.unwrap(PGConnection.class).getNotifications((int) POLL_EVERY.toMillis()).length
                            > 0) {
                        LockSupport.unpark(woken);
                    }
                }
            } catch (SQLException e) {
                LOG.debug("no notifications; polling goes on", e);
                LockSupport.parkNanos(POLL_EVERY.toNanos());
            }
        }
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

    private void endAttempt() {
        CompletableFuture<@Nullable Void> ended = attempt;
        attempt = new CompletableFuture<>();
        ended.complete(null);
    }

    @Override
    public void close() {
        closed = true;
        end(follower);
        end(listener);
    }

    private static void end(@Nullable Thread thread) {
        if (thread != null) {
            LockSupport.unpark(thread);
            try {
                // Longer than that it waits only for a database that does not answer, whose connections are closed
                // next.
                thread.join(MOST_STALE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
