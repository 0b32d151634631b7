package dev.jeton.verifier;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's keys could not be had, so nothing is known about any token: neither that it is good nor that it is bad.
 * The message is for the API's operator; it may name addresses.
 */
public final class KeysUnavailableException extends RuntimeException {
    private final Duration retryAfter;

    public KeysUnavailableException(String message, @Nullable Throwable cause, Duration retryAfter) {
        super(message, cause, false, false); // during an outage, one for each request
        this.retryAfter = retryAfter;
    }

    /** After how long it is worth to try again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
