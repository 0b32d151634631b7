package dev.jeton.audit;

import dev.jeton.storage.StorageUnavailableException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where token events are kept, by day; and what gives every record of the log, changes too, its place.
 *
 * <p>Records become visible when their transactions commit, in whatever order that is. So that a reader who goes on from
 * the last record it saw neither skips nor repeats one, an implementation holds to two rules:
 *
 * <ol>
 *   <li>a record's millisecond is later than that of every record visible when the place was chosen, and
 *   <li>{@link #settledBefore} returns a millisecond before which nothing can become visible any more.
 * </ol>
 *
 * <p>All methods throw {@link StorageUnavailableException} if the store cannot be used now, and may be tried again.
 */
interface AuditStore extends AutoCloseable {
    /** A day of the log and the room it takes. */
    record Day(LocalDate date, long bytes) {}

    /** What token events are asked for: keys from {@code fromKey} to below {@code toKey}, null means all. */
    record Query(
            long fromKey,
            long toKey,
            @Nullable String clientId,
            @Nullable Boolean granted) {}

    /**
     * What clients did within an hour, as counted from some consecutive token events.
     *
     * @param lastAtMs when the last token was issued; 0 if none was
     */
    record UsageCount(
            String clientId, String resourceServerId, long hourMs, long tokens, long refusals, long lastAtMs) {
        /** With that of another client. */
        UsageCount plus(UsageCount other) {
            return new UsageCount(
                    clientId,
                    resourceServerId,
                    hourMs,
                    tokens + other.tokens,
                    refusals + other.refusals,
                    Math.max(lastAtMs, other.lastAtMs));
        }
    }

    /**
     * Tokens or refusals of a minute, those of strangers too.
     *
     * @param reason a {@link dev.jeton.oauth.RefusalReason} by its name; empty if tokens were issued
     */
    record MinuteCount(long minuteMs, String reason, long events) {}

    /** The counts of the token events up to and with {@code lastKey}. */
    record UsageChunk(long lastKey, List<UsageCount> counts, List<MinuteCount> minutes) {}

    /** Some consecutive token events: how many, and the keys of the first and the last; both are 0 if there are none. */
    record Stretch(int count, long firstKey, long lastKey) {
        static final Stretch NONE = new Stretch(0, 0, 0);

        Stretch and(Stretch other) {
            return count == 0
                    ? other
                    : other.count == 0
                            ? this
                            : new Stretch(
                                    count + other.count,
                                    Math.min(firstKey, other.firstKey),
                                    Math.max(lastKey, other.lastKey));
        }
    }

    /** From where tokens for a resource server were asked. */
    record Origin(String resourceServerId, String ip) {}

    /** Stores all rows and syncs them to disk, or stores none; called by one thread, with at least one row. */
    void append(List<TokenRow> rows);

    /** Gives a change a place in the log, in the transaction that records it. */
    long placeChange(Handle transaction, long atMs);

    /** All records that will ever stand before this millisecond are visible to queries begun from now on. */
    long settledBefore();

    /** At most {@code limit} token events, the first ones in the order of their keys or the last ones backwards. */
    List<TokenRow.Stored> find(Query query, boolean newestFirst, int limit);

    /** At most {@code limit} token events from one key to below another, the first ones or the last ones. */
    Stretch stretch(long fromKey, long toKey, boolean newest, int limit);

    /** From where tokens were issued, to one client or to all; each pair once, in no order. */
    Set<Origin> origins(long fromKey, long toKey, @Nullable String clientId);

    /** Counts at most {@code limit} token events with keys above {@code afterKey} and below {@code beforeKey}. */
    Optional<UsageChunk> countUsage(long afterKey, long beforeKey, int limit);

    /** The days there are, oldest first. */
    List<Day> days();

    /** Makes ready for that day, so that its first event need not wait. */
    void prepare(LocalDate day);

    /** Has the events of one client found quickly in the days before that one; they change no more. */
    void index(LocalDate before);

    /** Drops all token events of a day that is over. */
    void drop(LocalDate day);

    @Override
    void close();
}
