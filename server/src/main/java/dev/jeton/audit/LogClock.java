package dev.jeton.audit;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Gives the records of one process their milliseconds in the log, each group and each change a later one than all given
 * before, even when the clock steps back; and knows which of them are not yet visible.
 */
final class LogClock {
    private static final long NONE = Long.MAX_VALUE;

    private long last;
    /** The first millisecond of the group being written; there is one writer. */
    private long group = NONE;
    /** The transaction of the registry that recorded a change; there is one at a time, so a new one ends the old. */
    private @Nullable Handle transaction;

    private long change = NONE;

    /** Starts after the last millisecond found in the log. */
    LogClock(long last) {
        this.last = last;
    }

    /**
     * Gives a place to a group whose events happened from {@code firstMs} to {@code lastMs}.
     *
     * @return the group's first millisecond; the caller gives out none above the greater of it and {@code lastMs}
     */
    synchronized long beginGroup(long firstMs, long lastMs) {
        group = Math.max(firstMs, last + 1);
        last = Math.max(group, lastMs);
        return group;
    }

    /** The group is stored, or never will be. */
    synchronized void endGroup() {
        group = NONE;
    }

    /** Gives a place to a change recorded in that transaction. */
    synchronized long beginChange(Handle transaction, long atMs) {
        last = Math.max(atMs, last + 1);
        if (!isCurrent(transaction)) {
            this.transaction = transaction;
            change = last;
        }
        return last;
    }

    /** The transaction is committed or rolled back. */
    synchronized void endChange(Handle transaction) {
        if (isCurrent(transaction)) {
            this.transaction = null;
            change = NONE;
        }
    }

    /** All that will ever stand before this millisecond is visible to who looks from now on. */
    synchronized long settledBefore() {
        return Math.min(last + 1, Math.min(group, change));
    }

    /** Each transaction of ours has a handle of its own, and a handle equals only itself. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isCurrent(Handle transaction) {
        return this.transaction == transaction;
    }
}
