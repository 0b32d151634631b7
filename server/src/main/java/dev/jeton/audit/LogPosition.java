package dev.jeton.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a record stands in the log: by millisecond, then by source, then by number. A {@code log_id} spells it in 56
 * digits that sort as text as positions do: {@code 900}, the UTC time in 17 digits, the source in one, the number in 35.
 *
 * @param ms milliseconds since 1970: the event's own time, or a little later where that was needed to keep the order
 * @param number tells the token events of one millisecond apart; no two changes share a millisecond
 */
record LogPosition(long ms, Source source, int number) implements Comparable<LogPosition> {
    /** The table a record is in; in the order in which records of one millisecond are listed. */
    enum Source {
        TOKEN(0),
        CHANGE(1);

        private final int digit;

        Source(int digit) {
            this.digit = digit;
        }

        private static Optional<Source> of(int digit) {
            return Arrays.stream(values())
                    .filter(source -> source.digit == digit)
                    .findFirst();
        }
    }

    private static final int NUMBER_BITS = 20;
    static final int MAX_NUMBER = (1 << NUMBER_BITS) - 1;
    private static final long MAX_MS = Long.MAX_VALUE >> NUMBER_BITS;

    private static final String PREFIX = "900";
    private static final int TIME_DIGITS = 17;
    private static final int NUMBER_DIGITS = 35;
    private static final int LENGTH = PREFIX.length() + TIME_DIGITS + 1 + NUMBER_DIGITS;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmssSSS").withResolverStyle(ResolverStyle.STRICT);
    private static final Comparator<LogPosition> ORDER = Comparator.comparingLong(LogPosition::ms)
            .thenComparing(LogPosition::source)
            .thenComparingInt(LogPosition::number);

    /** The position of the token event that is stored under that key. */
    static LogPosition ofToken(long key) {
        return new LogPosition(key >> NUMBER_BITS, Source.TOKEN, ((int) key) & MAX_NUMBER);
    }

    static LogPosition ofChange(long ms) {
        return new LogPosition(ms, Source.CHANGE, 0);
    }

    /** The key of a token event: one number that sorts as the positions of token events do. */
    static long tokenKey(long ms, int number) {
        return (ms << NUMBER_BITS) | number;
    }

    /** The least key a token event of that millisecond can have; keys reach to the year 2248. */
    static long firstTokenKey(long ms) {
        return tokenKey(Math.clamp(ms, 0, MAX_MS), 0);
    }

    /** The millisecond of the token event with that key. */
    static long msOfTokenKey(long key) {
        return key >> NUMBER_BITS;
    }

    /** The day, in UTC, that the millisecond belongs to. */
    static LocalDate day(long ms) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
    }

    /** The first millisecond of the day. */
    static long startMs(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    /** Reads a {@code log_id}; empty if it is none of ours. */
    static Optional<LogPosition> parse(String logId) {
        if (logId.length() != LENGTH
                || !logId.startsWith(PREFIX)
                || !logId.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int sourceAt = PREFIX.length() + TIME_DIGITS;
        Optional<Source> source = Source.of(logId.charAt(sourceAt) - '0');
        String number = logId.substring(sourceAt + 1);
        String leading = number.substring(0, NUMBER_DIGITS - 7);
        int value = Integer.parseInt(number.substring(NUMBER_DIGITS - 7));
        if (source.isEmpty() || !leading.equals("0".repeat(leading.length())) || value > MAX_NUMBER) {
            return Optional.empty();
        }
        try {
            long ms = LocalDateTime.parse(logId.substring(PREFIX.length(), sourceAt), TIME)
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
            return Optional.of(new LogPosition(ms, source.get(), value));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    String logId() {
        String time = TIME.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC));
        String digits = Integer.toString(number);
        return PREFIX + time + source.digit + "0".repeat(NUMBER_DIGITS - digits.length()) + digits;
    }

    long tokenKey() {
        return firstTokenKey(ms) + number;
    }

    /** The least key of a token event that stands after this; the greatest there is if none can. */
    long nextTokenKey() {
        long key = tokenKey();
        return source == Source.TOKEN ? key + (key == Long.MAX_VALUE ? 0 : 1) : firstTokenKey(ms + 1);
    }

    /** The least millisecond of a change that stands after this. */
    long nextChangeMs() {
        return source == Source.TOKEN ? ms : ms + 1;
    }

    @Override
    public int compareTo(LogPosition other) {
        return ORDER.compare(this, other);
    }
}
