package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.TokenEvent;
import dev.jeton.audit.AuditEvent.TokenRefused;
import dev.jeton.audit.AuditSettings.Durability;
import dev.jeton.storage.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that stores token events, in groups: each group is one transaction and one sync.
 *
 * <p>It parks while there is nothing to do and, once, until the next group is due; only the event that finds it idle
 * wakes it. On a core that it shares with the event loops each waking is taken from them.
 */
final class GroupWriter {
    private static final Logger log = LoggerFactory.getLogger(GroupWriter.class);

    /** Bounds the time one transaction takes, and the memory it needs. */
    private static final int MAX_GROUP = 1_000;
    /** So many events are stored without waiting for their turn: more would save little for each of them. */
    private static final int WORTH_A_COMMIT = 32;
    /** How often an idle writer looks whether folded refusals are due, and a failing one tries again. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private static final Duration TROUBLE_LASTS = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final CompletableFuture<@Nullable Void> DONE = CompletableFuture.completedFuture(null);

    private final AuditStore store;
    private final AuditSettings settings;
    private final InstantSource clock;
    private final GroupPacing pacing;
    private final RefusalFolding folding;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean idle = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile @Nullable Trouble trouble;

    private record Trouble(StorageUnavailableException cause, Instant since) {}

    private record Waiting(TokenEvent event, CompletableFuture<@Nullable Void> stored) {}

    GroupWriter(AuditStore store, AuditSettings settings, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.pacing = new GroupPacing(settings.commitInterval());
        this.folding = new RefusalFolding(settings.foldThreshold(), settings.foldAddresses());
        this.thread = Thread.ofPlatform().name("jeton-audit").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** See {@link AuditLog#append}. */
    CompletableFuture<@Nullable Void> append(TokenEvent event) {
        if (event instanceof TokenRefused refused && folding.folds(refused)) {
            return DONE;
        }
        int waiting = queued.incrementAndGet();
        if (waiting > settings.queueCapacity()) {
            queued.decrementAndGet();
            return CompletableFuture.failedFuture(new AuditQueueFullException(settings.queueCapacity()));
        }
        CompletableFuture<@Nullable Void> stored = switch (settings.durability()) {
            case COMMIT -> new CompletableFuture<>();
            case ASYNC -> DONE;
        };
        queue.add(new Waiting(event, stored));
        if (waiting == WORTH_A_COMMIT || (idle.get() && idle.compareAndSet(true, false))) {
            LockSupport.unpark(thread);
        }
        if (ended) {
            failQueued(new StorageUnavailableException("the server is stopping"));
        }
        return stored;
    }

    int queued() {
        return queued.get();
    }

    /**
     * Why the last group could not be stored; null if it was, or if that is longer ago than {@link #TROUBLE_LASTS}: who
     * sends nothing to a server that is not ready would never learn that it could be.
     */
    @Nullable
    StorageUnavailableException trouble() {
        Trouble last = trouble;
        return last == null || clock.instant().isAfter(last.since().plus(TROUBLE_LASTS)) ? null : last.cause();
    }

    /** Stores what is queued and counted, then ends; gives up after ten seconds. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                log.error("the audit log could not be written to its end within {} s", CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                awaitEvents();
                awaitTurn();
                writeFolded(folding.takeFinished(clock.instant()));
                List<Waiting> group = nextGroup();
                if (!group.isEmpty()) {
                    write(group);
                }
            }
            writeFolded(folding.takeAll());
        } finally {
            ended = true;
            failQueued(new StorageUnavailableException("the server is stopping"));
        }
    }

    private void awaitEvents() {
        idle.set(true);
        // After the flag is up: an event added before it is seen here, one added after it unparks.
        if (queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, IDLE.toNanos());
        }
        idle.set(false);
    }

    private void awaitTurn() {
        long nanos = pacing.nanosToWait(System.nanoTime());
        while (nanos > 0 && !closing && queued.get() < WORTH_A_COMMIT) {
            LockSupport.parkNanos(this, nanos);
            nanos = pacing.nanosToWait(System.nanoTime());
        }
    }

    /** The events at the head of the queue that belong to one day. */
    private List<Waiting> nextGroup() {
        List<Waiting> group = new ArrayList<>();
        LocalDate day = null;
        for (Waiting next = queue.peek(); next != null && group.size() < MAX_GROUP; next = queue.peek()) {
            LocalDate nextDay = LogPosition.day(next.event().at().toEpochMilli());
            if (day != null && !day.equals(nextDay)) {
                break;
            }
            day = nextDay;
            group.add(queue.remove());
        }
        queued.addAndGet(-group.size());
        return group;
    }

    private void write(List<Waiting> group) {
        List<TokenRow> rows =
                group.stream().map(waiting -> TokenRow.of(waiting.event())).toList();
        while (true) {
            try {
                append(rows);
                group.forEach(waiting -> waiting.stored().complete(null));
                return;
            } catch (StorageUnavailableException e) {
                if (settings.durability() == Durability.COMMIT) {
                    // Who waits, waits for the same disk: one attempt answers all, or the last would wait for many.
                    // They are taken before anybody is answered: what is appended upon an answer is tried anew.
                    List<Waiting> failed = new ArrayList<>(group);
                    failed.addAll(takeQueued());
                    fail(failed, e);
                    return;
                }
                if (closing) {
                    log.error("{} audit events are lost: {}", rows.size(), e.getMessage());
                    return;
                }
                LockSupport.parkNanos(this, IDLE.toNanos());
            } catch (RuntimeException e) {
                log.error("{} audit events could not be stored, through a fault of ours", rows.size(), e);
                fail(group, new StorageUnavailableException(e));
                return;
            }
        }
    }

    private void writeFolded(List<TokenRow> rows) {
        int from = 0;
        while (from < rows.size()) {
            LocalDate day = LogPosition.day(rows.get(from).atMs());
            int to = from + 1;
            while (to < rows.size() && day.equals(LogPosition.day(rows.get(to).atMs()))) {
                to++;
            }
            try {
                append(rows.subList(from, to));
            } catch (StorageUnavailableException _) {
                folding.putBack(rows.subList(from, rows.size()));
                return;
            }
            from = to;
        }
    }

    /** Stores the rows of one day, and says in the log when that begins to fail and when it works again. */
    private void append(List<TokenRow> rows) {
        pacing.begin(System.nanoTime());
        try {
            store.append(rows);
        } catch (StorageUnavailableException e) {
            if (trouble == null) {
                log.error("audit events cannot be stored, so no token is given out: {}", e.getMessage(), e);
            }
            trouble = new Trouble(e, clock.instant());
            throw e;
        }
        if (trouble != null) {
            trouble = null;
            log.info("audit events are stored again");
        }
    }

    private void failQueued(StorageUnavailableException cause) {
        fail(takeQueued(), cause);
    }

    private List<Waiting> takeQueued() {
        List<Waiting> waiting = new ArrayList<>();
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            waiting.add(next);
        }
        queued.addAndGet(-waiting.size());
        return waiting;
    }

    private static void fail(List<Waiting> group, StorageUnavailableException cause) {
        group.forEach(waiting -> waiting.stored().completeExceptionally(cause));
    }
}
