package dev.jeton.tokenclient;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long no request is made after one that brought no token. Twice as long after each further one, up to a limit, and
 * random, so that clients that were turned away together do not come back together.
 */
final class BackOff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** A refusal stands until somebody mends something, so it is asked about less often. */
    private static final Duration FIRST_REFUSED = Duration.ofSeconds(5);

    private static final Duration LONGEST_REFUSED = Duration.ofSeconds(60);

    private final RandomGenerator random;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /** @param failures how many in a row, this one included */
    Duration after(TokenAnswer.NotGranted answer, int failures) {
        if (answer instanceof TokenAnswer.Unavailable unavailable) {
            Duration jitter = share(0, doubled(FIRST, LONGEST, failures));
            return unavailable.retryAfter().map(jitter::plus).orElse(jitter);
        }
        return share(0.5, doubled(FIRST_REFUSED, LONGEST_REFUSED, failures)); // never nearly nothing
    }

    private static Duration doubled(Duration first, Duration longest, int failures) {
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    /** A random part of the pause, at least the share given. */
    private Duration share(double least, Duration pause) {
        return Duration.ofNanos((long) (pause.toNanos() * (least + (1 - least) * random.nextDouble())));
    }
}
