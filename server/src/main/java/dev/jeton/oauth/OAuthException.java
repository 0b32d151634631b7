package dev.jeton.oauth;

/** Carries a refusal from where it is decided to the token endpoint; an answer, not a fault, so without a stack trace. */
public final class OAuthException extends RuntimeException {
    private final OAuthError error;

    public OAuthException(OAuthError error) {
        super(error.getClass().getSimpleName(), null, false, false);
        this.error = error;
    }

    public OAuthError error() {
        return error;
    }
}
