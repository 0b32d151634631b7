package dev.jeton.tokenclient;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a request to the token endpoint led to. Messages are whole sentences that hold no token and no secret. */
sealed interface TokenAnswer {
    /**
     * A token.
     *
     * @param requestedAt when the request began, from which the token's lifetime counts
     */
    record Granted(Token token, Instant requestedAt) implements TokenAnswer {}

    /** No token. */
    sealed interface NotGranted extends TokenAnswer {
        TokenException exception(Instant nextTry);
    }

    /** The server answered no: the same request will be refused again until somebody mends something. */
    record Refused(
            String message,
            int status,
            Optional<String> error,
            Optional<String> description,
            Optional<String> requestId)
            implements NotGranted {
        @Override
        public TokenException exception(Instant nextTry) {
            return new TokenException.Refused(this, nextTry);
        }
    }

    /** The answer is not one that a token endpoint gives, or its token cannot be used. */
    record Unusable(String message, int status, Optional<String> requestId) implements NotGranted {
        @Override
        public TokenException exception(Instant nextTry) {
            return new TokenException.InvalidAnswer(this, nextTry);
        }
    }

    /** The server cannot now, or was not reached: the same request may well succeed later. */
    record Unavailable(
            String message,
            OptionalInt status,
            Optional<Duration> retryAfter,
            @Nullable Throwable cause) implements NotGranted {
        @Override
        public TokenException exception(Instant nextTry) {
            return new TokenException.Unavailable(this, nextTry);
        }
    }
}
