package dev.jeton.verifier;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Claims read by type. A claim that is there with another type, {@code null} included, is
 * {@link Rejection#MALFORMED_CLAIM}, never taken for one that is absent.
 */
record Claims(Map<String, @Nullable Object> members) {
    /** 9999-12-31T23:59:59Z. A later one is a date in milliseconds, and a token that would never expire. */
    private static final long MAX_DATE = 253_402_300_799L;

    boolean has(String name) {
        return members.containsKey(name);
    }

    Optional<String> string(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (members.get(name) instanceof String value) {
            return Optional.of(value);
        }
        throw malformed();
    }

    /** A NumericDate, RFC 7519 §2: seconds since 1970, with fractions if need be, up to the year 9999. */
    Optional<Instant> date(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        Object value = members.get(name);
        if (value instanceof Long seconds && seconds >= 0 && seconds <= MAX_DATE) {
            return Optional.of(Instant.ofEpochSecond(seconds));
        }
        if (value instanceof BigDecimal seconds
                && seconds.signum() >= 0
                && seconds.compareTo(BigDecimal.valueOf(MAX_DATE)) <= 0) {
            BigDecimal fraction = seconds.remainder(BigDecimal.ONE);
            return Optional.of(Instant.ofEpochSecond(
                    seconds.longValue(), fraction.movePointRight(9).longValue()));
        }
        throw malformed();
    }

    /** The strings of an array. */
    Optional<List<String>> strings(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (members.get(name) instanceof List<?> values) {
            return Optional.of(values.stream().map(Claims::stringOf).toList());
        }
        throw malformed();
    }

    /** The strings of an array, or the one string that stands for an array of itself, as {@code aud} may be. */
    Optional<List<String>> stringOrStrings(String name) {
        return members.get(name) instanceof String value ? Optional.of(List.of(value)) : strings(name);
    }

    private static String stringOf(@Nullable Object value) {
        if (value instanceof String string) {
            return string;
        }
        throw malformed();
    }

    private static InvalidTokenException malformed() {
        return new InvalidTokenException(Rejection.MALFORMED_CLAIM);
    }
}
