package dev.jeton.tokenclient;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * A token and its times.
 *
 * @param renewAt from then on another is asked for, while this one still serves
 * @param usableUntil from then on it is not handed out: a little before it expires, as the call that carries it takes
 *     its time too, and the API's clock may be ahead
 */
record KeptToken(Token token, Instant renewAt, Instant usableUntil) {
    private static final Duration MAX_MARGIN = Duration.ofSeconds(10);

    /** Random between 75 and 90 % of the lifetime, so that clients that started together do not renew together. */
    static KeptToken of(TokenAnswer.Granted granted, RandomGenerator random) {
        Token token = granted.token();
        Duration lifetime = Duration.between(granted.requestedAt(), token.expiresAt());
        Duration margin = lifetime.dividedBy(10);
        return new KeptToken(
                token,
                granted.requestedAt().plusMillis((long) (lifetime.toMillis() * (0.75 + 0.15 * random.nextDouble()))),
                token.expiresAt().minus(margin.compareTo(MAX_MARGIN) < 0 ? margin : MAX_MARGIN));
    }

    boolean isFresh(Instant now) {
        return now.isBefore(renewAt);
    }

    boolean isUsable(Instant now) {
        return now.isBefore(usableUntil);
    }
}
