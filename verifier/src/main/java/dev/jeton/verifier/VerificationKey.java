package dev.jeton.verifier;

/** Key material, pinned to the algorithms that its type serves: a token cannot choose another use for it. */
sealed interface VerificationKey permits RsaKey, P256Key, Ed25519Key, SharedSecret {
    boolean serves(SignatureAlgorithm algorithm);

    /**
     * Whether the bytes are a signature of the input by this key, with an algorithm that it serves. False for bytes of
     * any shape that are not.
     *
     * @throws IllegalStateException if the JVM lacks the algorithm
     */
    boolean verifies(SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature);
}
