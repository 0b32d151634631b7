package dev.jeton.tokenclient;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The Retry-After header, RFC 9110 §10.2.3: seconds, or a date. */
final class RetryAfter {
    /** A wish for longer is cut to this: a server that errs, or lies, must not stop a client for days. */
    static final Duration MAX = Duration.ofMinutes(5);

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private RetryAfter() {}

    /** How long to wait, between zero and {@link #MAX}; empty if the value is neither of the two forms. */
    static Optional<Duration> parse(String value, Instant now) {
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(value))));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(bounded(Duration.between(now, date)));
        } catch (DateTimeParseException neither) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wish) {
        if (wish.isNegative()) {
            return Duration.ZERO;
        }
        return wish.compareTo(MAX) > 0 ? MAX : wish;
    }
}
