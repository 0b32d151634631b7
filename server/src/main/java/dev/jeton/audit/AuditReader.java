package dev.jeton.audit;

import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log: token events and changes as one sequence, by {@code log_id}.
 *
 * <p>Reading blocks, and a filter that few events pass is looked for through all days that are kept. All methods throw
 * {@link StorageUnavailableException} if a part of the log cannot be read now.
 */
public final class AuditReader {
    /** How many of the newest events can be paged through. */
    public static final int WINDOW = 1_000;
    /** The most events a page or checkpoint has. */
    public static final int MAX_PAGE = 100;

    /** How many events a query looks at at once: a change that names a thousand scopes has a record of a megabyte. */
    private static final int CHUNK = 100;

    /** A query that few events match ends there, instead of at the end of the log. */
    private static final int MOST_LOOKED_AT = 100_000;

    private static final Comparator<LogEvent> OLDEST_FIRST = Comparator.comparing(LogEvent::logId);

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final AuditStore store;
    private final Database database;

    /** Where in the log to look: from the one position, inclusive, to the other, exclusive. */
    private record Range(long fromKey, long toKey, long fromMs, long toMs) {
        private static final Range ALL = new Range(0, Long.MAX_VALUE, 0, Long.MAX_VALUE);
        private static final Range NONE = new Range(0, 0, 0, 0);

        private Range from(long key, long ms) {
            return new Range(Math.max(fromKey, key), toKey, Math.max(fromMs, ms), toMs);
        }

        private Range within(Range other) {
            Range later = from(other.fromKey, other.fromMs);
            return new Range(later.fromKey, Math.min(toKey, other.toKey), later.fromMs, Math.min(toMs, other.toMs));
        }

        private Range before(LogPosition position) {
            long key = position.source() == LogPosition.Source.TOKEN ? position.tokenKey() : position.nextTokenKey();
            return new Range(fromKey, Math.min(toKey, key), fromMs, Math.min(toMs, position.ms()));
        }

        private Range upTo(LogPosition position) {
            return new Range(
                    fromKey, Math.min(toKey, position.nextTokenKey()), fromMs, Math.min(toMs, position.nextChangeMs()));
        }

        private Range beforeMs(long ms) {
            return new Range(fromKey, Math.min(toKey, LogPosition.firstTokenKey(ms)), fromMs, Math.min(toMs, ms));
        }
    }

    /**
     * Some of the events behind a checkpoint.
     *
     * @param next from where to go on: the last event that was looked at
     */
    public record Followed(List<LogEvent> events, String next) {
        public Followed {
            events = List.copyOf(events);
        }
    }

    AuditReader(AuditStore store, Database database) {
        this.store = store;
        this.database = database;
    }

    /**
     * A page of the events that match a query, of the first {@value #WINDOW} that do; they are looked for among {@value
     * #MOST_LOOKED_AT} events.
     *
     * @param newestFirst or the oldest first
     * @param page from 0
     * @param perPage from 0 to {@value #MAX_PAGE}
     * @throws IllegalArgumentException if a number is out of its bounds
     */
    public List<LogEvent> page(LogQuery query, boolean newestFirst, int page, int perPage) {
        requireWithin("page", page, 0, Integer.MAX_VALUE);
        requireWithin("per_page", perPage, 0, MAX_PAGE);
        long start = (long) page * perPage;
        int end = (int) Math.min(start + perPage, WINDOW);
        LogFilter filter = query.filter();
        Range range = range(filter);
        List<LogEvent> found = new ArrayList<>();
        int step = query == LogQuery.ALL ? end : CHUNK;
        for (int lookedAt = 0; found.size() < end && lookedAt < MOST_LOOKED_AT; lookedAt += step) {
            List<LogEvent> chunk = find(filter, range, newestFirst, step);
            chunk.stream().filter(query::matches).forEach(found::add);
            if (chunk.size() < step) {
                break;
            }
            LogPosition last = LogPosition.parse(chunk.getLast().logId()).orElseThrow();
            range = newestFirst ? range.before(last) : range.from(last.nextTokenKey(), last.nextChangeMs());
        }
        return found.stream().skip(start).limit(Math.max(0, end - start)).toList();
    }

    /**
     * The events after that one that match a query, oldest first: none is skipped and none repeated however many are being
     * recorded. An event is held back while one that will stand before it is still being committed. At most {@value
     * #MOST_LOOKED_AT} events are looked at.
     *
     * @param fromLogId a {@code log_id} had from this log; the event itself may have been dropped meanwhile
     * @param take from 1 to {@value #MAX_PAGE}
     * @throws IllegalArgumentException if it is no {@code log_id}, or {@code take} is out of its bounds
     */
    public Followed after(LogQuery query, String fromLogId, int take) {
        requireWithin("take", take, 1, MAX_PAGE);
        LogPosition position = LogPosition.parse(fromLogId)
                .orElseThrow(() -> new IllegalArgumentException("'from' is not a log_id of this server"));
        // First the bound, then the events: what becomes visible in between stands after the bound.
        Range settled =
                Range.ALL.beforeMs(store.settledBefore()).from(position.nextTokenKey(), position.nextChangeMs());
        if (query == LogQuery.ALL) {
            List<LogEvent> found = find(LogFilter.ALL, settled, false, take);
            return new Followed(
                    found, found.isEmpty() ? fromLogId : found.getLast().logId());
        }
        return matching(query, settled, fromLogId, take);
    }

    /** However few events match, the next call goes on behind those that were looked at for this one. */
    private Followed matching(LogQuery query, Range settled, String fromLogId, int take) {
        AuditStore.Stretch near = store.stretch(settled.fromKey(), settled.toKey(), false, MOST_LOOKED_AT);
        Range open = near.count() < MOST_LOOKED_AT ? settled : settled.before(LogPosition.ofToken(near.lastKey() + 1));
        LogFilter filter = query.filter();
        open = range(filter).within(open);
        List<LogEvent> found = new ArrayList<>();
        String lookedAt = fromLogId;
        for (int count = 0; count < MOST_LOOKED_AT; count += CHUNK) {
            List<LogEvent> chunk = find(filter, open, false, CHUNK);
            chunk.stream().filter(query::matches).limit(take - found.size()).forEach(found::add);
            if (found.size() == take) {
                return new Followed(found, found.getLast().logId());
            }
            if (chunk.size() < CHUNK) {
                String all = near.count() == 0
                        ? lookedAt
                        : LogPosition.ofToken(near.lastKey()).logId();
                String last = found.isEmpty() ? all : found.getLast().logId();
                return new Followed(found, last.compareTo(all) < 0 ? all : last);
            }
            LogPosition end = LogPosition.parse(chunk.getLast().logId()).orElseThrow();
            lookedAt = end.logId();
            open = open.from(end.nextTokenKey(), end.nextChangeMs());
        }
        return new Followed(found, lookedAt);
    }

    public Optional<LogEvent> find(String logId) {
        return LogPosition.parse(logId).flatMap(this::find);
    }

    private Optional<LogEvent> find(LogPosition position) {
        Range range = switch (position.source()) {
            case TOKEN -> new Range(position.tokenKey(), position.tokenKey() + 1, 0, 0);
            case CHANGE -> new Range(0, 0, position.ms(), position.ms() + 1);
        };
        return find(LogFilter.ALL, range, false, 1).stream().findFirst();
    }

    private static Range range(LogFilter filter) {
        Range range = Range.ALL;
        if (filter.from() != null) {
            long ms = ms(filter.from());
            range = range.from(LogPosition.firstTokenKey(ms), ms);
        }
        if (filter.to() != null) {
            range = range.beforeMs(ms(filter.to()));
        }
        if (filter.fromLogId() != null) {
            Optional<LogPosition> first = LogPosition.parse(filter.fromLogId());
            if (first.isEmpty()) {
                return Range.NONE;
            }
            // A token event stands before the change of its millisecond.
            LogPosition position = first.get();
            range = range.from(
                    position.source() == LogPosition.Source.TOKEN ? position.tokenKey() : position.nextTokenKey(),
                    position.ms());
        }
        if (filter.toLogId() != null) {
            Optional<LogPosition> last = LogPosition.parse(filter.toLogId());
            if (last.isEmpty()) {
                return Range.NONE;
            }
            range = range.upTo(last.get());
        }
        return range;
    }

    /** A time as milliseconds since 1970, the nearest there is for one out of reach. */
    private static long ms(Instant time) {
        return time.isBefore(Instant.EPOCH) ? 0 : time.isAfter(LAST) ? LAST.toEpochMilli() : time.toEpochMilli();
    }

    private List<LogEvent> find(LogFilter filter, Range range, boolean newestFirst, int limit) {
        List<LogEvent> found = new ArrayList<>(tokenEvents(filter, range, newestFirst, limit));
        found.addAll(changes(filter, range, newestFirst, limit));
        return found.stream()
                .sorted(newestFirst ? OLDEST_FIRST.reversed() : OLDEST_FIRST)
                .limit(limit)
                .toList();
    }

    private List<LogEvent> tokenEvents(LogFilter filter, Range range, boolean newestFirst, int limit) {
        boolean granted = LogEvent.TOKEN_ISSUED.equals(filter.type());
        boolean ofTokens = filter.type() == null || granted || LogEvent.TOKEN_REFUSED.equals(filter.type());
        if (!ofTokens || range.fromKey() >= range.toKey()) {
            return List.of();
        }
        @Nullable Boolean grantedOnly = filter.type() == null ? null : granted;
        return store
                .find(
                        new AuditStore.Query(range.fromKey(), range.toKey(), filter.clientId(), grantedOnly),
                        newestFirst,
                        limit)
                .stream()
                .map(LogEvent::of)
                .toList();
    }

    private List<LogEvent> changes(LogFilter filter, Range range, boolean newestFirst, int limit) {
        if (range.fromMs() >= range.toMs()) {
            return List.of();
        }
        List<ChangeEventStore.Row> rows = database.read(handle -> ChangeEventStore.find(
                handle, range.fromMs(), range.toMs(), filter.clientId(), filter.type(), newestFirst, limit));
        return rows.stream().map(LogEvent::of).toList();
    }

    private static void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is from " + least + " to " + most);
        }
    }
}
