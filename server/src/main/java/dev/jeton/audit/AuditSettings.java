package dev.jeton.audit;

import java.time.Duration;

/**
 * How the audit log is kept.
 *
 * @param durability when an event counts as recorded
 * @param queueCapacity how many token events may wait to be stored; one more is refused
 * @param commitInterval the least time between the beginnings of two commits
 * @param foldThreshold how many refusals per address, error and minute a stranger may cause before they are counted only
 * @param foldAddresses how many pairs of address and error are told apart within a minute
 * @param retentionDays how many whole days are kept besides today
 * @param maxBytes how large the days may become together before the oldest are dropped early; 0 sets no limit
 */
public record AuditSettings(
        Durability durability,
        int queueCapacity,
        Duration commitInterval,
        int foldThreshold,
        int foldAddresses,
        int retentionDays,
        long maxBytes) {
    /** When an event counts as recorded. */
    public enum Durability {
        /** When it is synced to disk: whatever happens then, it is there. */
        COMMIT,
        /**
         * When it is in the queue, which is written within {@code commitInterval}: a crash of the process or the
         * machine loses the events not yet written, {@code queueCapacity} and one group at most, although their tokens may
         * have been given out. While the disk refuses writes they wait in the queue, and a full queue still refuses.
         */
        ASYNC
    }

    public AuditSettings {
        require(queueCapacity > 0, "queueCapacity");
        require(!commitInterval.isNegative(), "commitInterval");
        require(foldThreshold >= 0, "foldThreshold");
        require(foldAddresses > 0, "foldAddresses");
        require(retentionDays > 0, "retentionDays");
        require(maxBytes >= 0, "maxBytes");
    }

    public static AuditSettings defaults() {
        return new AuditSettings(Durability.COMMIT, 10_000, Duration.ofMillis(5), 10, 1_000, 30, 0);
    }

    private static void require(boolean holds, String name) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is too small");
        }
    }
}
