package dev.jeton.verifier;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A secret that the API shares with the authorization server; serves HS256. */
final class SharedSecret implements VerificationKey {
    private static final int MIN_BYTES = 32; // RFC 7518 §3.2: as long as the hash
    private static final String HMAC = "HmacSHA256";

    private final SecretKey key;

    SharedSecret(byte[] secret) {
        if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("an HS256 secret needs at least " + MIN_BYTES + " bytes");
        }
        this.key = new SecretKeySpec(secret, HMAC); // which copies it
    }

    @Override
    public boolean serves(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.HS256;
    }

    @Override
    public boolean verifies(SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return MessageDigest.isEqual(mac.doFinal(signingInput), signature); // in constant time
        } catch (GeneralSecurityException notAvailable) {
            throw new IllegalStateException("cannot verify HS256", notAvailable);
        }
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
