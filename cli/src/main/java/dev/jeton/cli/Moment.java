package dev.jeton.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and durations as people read them; times are in UTC. */
final class Moment {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Moment() {}

    static String of(Instant instant) {
        return SECONDS.format(instant);
    }

    /** A time in the API's ISO 8601; anything else is shown as it came. */
    static String of(String iso) {
        try {
            return of(Instant.parse(iso));
        } catch (DateTimeException _) {
            return iso;
        }
    }

    /** A time, and how far it is from now: {@code 2026-11-23 17:15:30Z, in 23 h 59 min}. */
    static String relative(Instant instant, Instant now) {
        long seconds = Duration.between(now, instant).toSeconds();
        return of(instant) + (seconds >= 0 ? ", in " + duration(seconds) : ", " + duration(-seconds) + " ago");
    }

    /** The two largest units. */
    static String duration(long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        if (duration.toDays() > 0) {
            return join(duration.toDays(), "d", duration.toHoursPart(), "h");
        }
        if (duration.toHours() > 0) {
            return join(duration.toHours(), "h", duration.toMinutesPart(), "min");
        }
        return duration.toMinutes() > 0
                ? join(duration.toMinutes(), "min", duration.toSecondsPart(), "s")
                : seconds + " s";
    }

    private static String join(long larger, String largerUnit, int smaller, String smallerUnit) {
        return larger + " " + largerUnit + (smaller == 0 ? "" : " " + smaller + " " + smallerUnit);
    }
}
