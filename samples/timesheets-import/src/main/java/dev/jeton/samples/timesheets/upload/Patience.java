package dev.jeton.samples.timesheets.upload;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before an entry is tried again: at least as long as was asked for, and a random time that may grow with
 * each try, so that jobs which failed together do not come back together. It comes to an end.
 */
final class Patience {
    private static final int MAX_TRIES = 8;
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private int tries = 1;
    private Duration left = MAX_WAIT;

    Patience(RandomGenerator random) {
        this.random = random;
    }

    /** The next pause; empty if it is not worth going on. */
    Optional<Duration> next(Duration asked) {
        Duration growing = FIRST.multipliedBy(1L << (tries - 1));
        Duration most = growing.compareTo(LONGEST) < 0 ? growing : LONGEST;
        Duration pause = asked.plusNanos((long) (most.toNanos() * random.nextDouble()));
        tries++;
        left = left.minus(pause);
        return tries > MAX_TRIES || left.isNegative() ? Optional.empty() : Optional.of(pause);
    }
}
