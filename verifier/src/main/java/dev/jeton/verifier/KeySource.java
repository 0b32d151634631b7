package dev.jeton.verifier;

/** Where a verifier gets its keys, anew for each token, so that keys can be rotated and withdrawn while it runs. */
@FunctionalInterface
public interface KeySource {
    /**
     * The keys that count now. Called once for each token, from any thread; what it throws reaches the caller of
     * {@link AccessTokenVerifier#verify}.
     */
    KeySet current();

    /** Keys that never change. */
    static KeySource of(KeySet keys) {
        return () -> keys;
    }
}
