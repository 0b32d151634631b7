package dev.jeton.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.MACVerifier;

/** A secret that the API shares with the authorization server; serves HS256. */
final class SharedSecret implements VerificationKey {
    private static final int MIN_BYTES = 32; // RFC 7518 §3.2: as long as the hash

    private final MACVerifier verifier; // compares in constant time

    SharedSecret(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("an HS256 secret needs at least " + MIN_BYTES + " bytes");
        }
        try {
            this.verifier = new MACVerifier(secret.clone());
        } catch (JOSEException notAvailable) {
            throw new IllegalStateException("cannot verify HS256", notAvailable);
        }
    }

    @Override
    public boolean serves(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.HS256;
    }

    @Override
    public boolean verifies(SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature) {
        return NimbusVerification.verify(verifier, algorithm, signingInput, signature);
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
