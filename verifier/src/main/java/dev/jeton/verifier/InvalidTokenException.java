package dev.jeton.verifier;

/**
 * Says that a token was refused, and why. The message is the sentence of the {@link Rejection} and holds nothing of the
 * token. There is no stack trace: a refused token is an answer to the caller, not a fault of the code, and strangers
 * decide how often it happens.
 */
public final class InvalidTokenException extends RuntimeException {
    private final Rejection rejection;

    InvalidTokenException(Rejection rejection) {
        super(rejection.sentence(), null, false, false);
        this.rejection = rejection;
    }

    public Rejection rejection() {
        return rejection;
    }
}
