package dev.jeton.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which log events are asked for; null leaves a condition out, and all that are given must hold.
 *
 * @param clientId as recorded, also where the client did not prove to be it
 * @param type an event type such as {@code seccft}
 * @param from the earliest time, inclusive; by the time in the {@code log_id}
 * @param to the latest time, exclusive; by the time in the {@code log_id}
 * @param fromLogId the first {@code log_id}, inclusive
 * @param toLogId the last {@code log_id}, inclusive
 */
record LogFilter(
        @Nullable String clientId,
        @Nullable String type,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String fromLogId,
        @Nullable String toLogId) {
    /** Every event. */
    static final LogFilter ALL = new LogFilter(null, null, null, null, null, null);
}
