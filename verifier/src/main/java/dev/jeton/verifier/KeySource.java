package dev.jeton.verifier;

/** Where a verifier gets its keys, anew for each token, so that keys can be rotated and withdrawn while it runs. */
@FunctionalInterface
public interface KeySource {
    /**
     * The keys that count now. Called for each token, from any thread.
     *
     * @throws KeysUnavailableException if there are none to decide with; the verifier then answers
     *     {@link Verification.Undecided}. Anything else that is thrown reaches the caller of
     *     {@link AccessTokenVerifier#verify}.
     */
    KeySet current();

    /**
     * The keys that count now, asked for because a token names a key that is not among those of {@link #current}. Anyone
     * can write such a token: a source that fetches keys has to bound how often it does so.
     */
    default KeySet after(KeySet missed) {
        return missed;
    }

    /** Keys that never change. */
    static KeySource of(KeySet keys) {
        return () -> keys;
    }
}
