package dev.jeton.tokenclient;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Says that there is no token, and why; the message also says what to mend. It may be logged: no token and no secret is
 * in it, and what it quotes of an answer is cut short and free of control characters.
 */
public abstract sealed class TokenException extends RuntimeException {
    private final Instant nextTry;

    private TokenException(String message, Instant nextTry, @Nullable Throwable cause) {
        super(message, cause);
        this.nextTry = nextTry;
    }

    /** Until then no request is made, and who asks for a token gets the same exception at once. */
    public Instant nextTry() {
        return nextTry;
    }

    private static String noRequestBefore(Instant nextTry) {
        return " No request is made before " + nextTry + ".";
    }

    /** The server refused the client (RFC 6749 §5.2): it will again, until the cause is mended. */
    public static final class Refused extends TokenException {
        private final TokenAnswer.Refused answer;

        Refused(TokenAnswer.Refused answer, Instant nextTry) {
            super(answer.message() + noRequestBefore(nextTry), nextTry, null);
            this.answer = answer;
        }

        /** The HTTP status, 400 to 499 and not 408, 425 or 429. */
        public int status() {
            return answer.status();
        }

        /** The {@code error} of the answer, as {@code access_denied}; empty if it was not the JSON of a token endpoint. */
        public Optional<String> error() {
            return answer.error();
        }

        /** The {@code error_description} of the answer. */
        public Optional<String> errorDescription() {
            return answer.description();
        }

        /** The {@code X-Auth0-RequestId} of the answer, which the server's log has too. */
        public Optional<String> requestId() {
            return answer.requestId();
        }
    }

    /** The answer was not one of a token endpoint, or its token cannot be used: often the address is wrong. */
    public static final class InvalidAnswer extends TokenException {
        private final TokenAnswer.Unusable answer;

        InvalidAnswer(TokenAnswer.Unusable answer, Instant nextTry) {
            super(answer.message() + noRequestBefore(nextTry), nextTry, null);
            this.answer = answer;
        }

        /** The HTTP status. */
        public int status() {
            return answer.status();
        }

        /** The {@code X-Auth0-RequestId} of the answer, which the server's log has too. */
        public Optional<String> requestId() {
            return answer.requestId();
        }
    }

    /** The server was not reached, did not answer in time, or answered 408, 425, 429 or 5xx: it may well succeed later. */
    public static final class Unavailable extends TokenException {
        private final OptionalInt status;

        Unavailable(TokenAnswer.Unavailable answer, Instant nextTry) {
            super(answer.message() + noRequestBefore(nextTry), nextTry, answer.cause());
            this.status = answer.status();
        }

        /** The HTTP status; empty if there was no answer. */
        public OptionalInt status() {
            return status;
        }
    }

    /** The thread was interrupted while it waited; its interrupt status is set again. A request may be made at once. */
    public static final class Interrupted extends TokenException {
        Interrupted(Instant now) {
            super("Interrupted while waiting for a token.", now, null);
        }
    }
}
