package dev.jeton.audit;

import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log needs from time to time: usage counted, old days dropped, coming days prepared. It has a thread of its
 * own, because to remove a file of some gigabytes takes longer than a token should wait.
 */
final class AuditUpkeep {
    private static final Logger log = LoggerFactory.getLogger(AuditUpkeep.class);

    /**
     * Bounds the time for which the registry's writers wait, half a second if each event is another client's. In smaller
     * chunks a million clients' counts would be spread over as many pages as there are events.
     */
    private static final int USAGE_CHUNK = 100_000;
    /** Changes and counts are few, and asked for long after: they are kept for a year even if tokens are not. */
    private static final int LONG_KEPT_DAYS = 365;

    /** A week is shown by the hour, and the day that runs. */
    private static final int MINUTES_KEPT_DAYS = 8;

    private static final Duration ALARM = Duration.ofHours(1);

    private final AuditStore store;
    private final UsageStore usage;
    private final Database database;
    private final AuditSettings settings;
    private final InstantSource clock;
    private volatile @Nullable Instant lastOverCap;
    private @Nullable Instant lastWarning;
    private @Nullable LocalDate tidiedOn;
    private boolean failing;

    AuditUpkeep(AuditStore store, UsageStore usage, Database database, AuditSettings settings, InstantSource clock) {
        this.store = store;
        this.usage = usage;
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    /** {@link #tend} for a scheduler: a failure is logged once, and tried again the next time. */
    void run() {
        try {
            tend();
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                log.warn("the audit log could not be tended: {}", e.getMessage(), e);
            }
            failing = true;
        }
    }

    /**
     * Counts usage up to now, drops what is due, and once a day prepares the next.
     *
     * @throws StorageUnavailableException if the store cannot be used now
     */
    synchronized void tend() {
        countUsage();
        LocalDate today = LogPosition.day(clock.millis());
        if (!today.equals(tidiedOn)) {
            store.prepare(today.plusDays(1));
            long oldest = LogPosition.startMs(today.minusDays(Math.max(LONG_KEPT_DAYS, settings.retentionDays())));
            database.change(handle -> {
                ChangeEventStore.deleteBefore(handle, oldest);
                UsageStore.deleteBefore(handle, oldest, LogPosition.startMs(today.minusDays(MINUTES_KEPT_DAYS)));
            });
            tidiedOn = today;
        }
        drop(today);
        store.index(today);
    }

    /** Whether the log was over its cap within the last hour. */
    boolean overCap() {
        Instant last = lastOverCap;
        return last != null && clock.instant().isBefore(last.plus(ALARM));
    }

    private void countUsage() {
        long before = LogPosition.firstTokenKey(store.settledBefore());
        while (true) {
            long counted = usage.countedUpTo();
            Optional<AuditStore.UsageChunk> chunk = store.countUsage(counted, before, USAGE_CHUNK);
            if (chunk.isEmpty() || !usage.add(counted, chunk.get())) {
                return;
            }
        }
    }

    private void drop(LocalDate today) {
        LocalDate oldestKept = today.minusDays(settings.retentionDays());
        Deque<AuditStore.Day> days = new ArrayDeque<>();
        for (AuditStore.Day day : store.days()) {
            if (day.date().isBefore(oldestKept)) {
                store.drop(day.date());
                log.info("the audit log of {} is dropped after {} days", day.date(), settings.retentionDays());
            } else {
                days.add(day);
            }
        }
        long bytes = days.stream().mapToLong(AuditStore.Day::bytes).sum();
        if (settings.maxBytes() == 0 || bytes <= settings.maxBytes()) {
            return;
        }
        warnOverCap(bytes);
        // Never today's, and never one from a clock that was ahead: it may be the one being written.
        while (bytes > settings.maxBytes()
                && !days.isEmpty()
                && days.getFirst().date().isBefore(today)) {
            AuditStore.Day day = days.removeFirst();
            store.drop(day.date());
            bytes -= day.bytes();
            log.warn("the audit log of {} is dropped early, for its {} bytes", day.date(), day.bytes());
        }
    }

    private void warnOverCap(long bytes) {
        Instant now = clock.instant();
        lastOverCap = now;
        if (lastWarning == null || !now.isBefore(lastWarning.plus(ALARM))) {
            lastWarning = now;
            log.warn(
                    "the audit log has {} bytes and may have {}: its oldest days are dropped before their {} days are over",
                    bytes,
                    settings.maxBytes(),
                    settings.retentionDays());
        }
    }
}
