package dev.jeton.audit;

import java.time.Duration;

/**
 * When the next group may be committed: at once if the last commit began long enough ago, otherwise after the rest of
 * the interval. A writer that commits as fast as it can writes one or two rows at a time and takes the core from those
 * who make the tokens.
 */
final class GroupPacing {
    private final long intervalNanos;
    private long lastNanos;
    private boolean committedBefore;

    GroupPacing(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** How long to wait at that reading of a monotonic clock; 0 or less is not at all. */
    long nanosToWait(long nowNanos) {
        return committedBefore ? intervalNanos - (nowNanos - lastNanos) : 0;
    }

    /** A commit begins. */
    void begin(long nowNanos) {
        committedBefore = true;
        lastNanos = nowNanos;
    }
}
