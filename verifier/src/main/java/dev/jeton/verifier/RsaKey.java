package dev.jeton.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;

/** An RSA public key of 2048 to 8192 bits; serves RS256, RS512 and PS256. */
final class RsaKey implements VerificationKey {
    private static final int MIN_BITS = 2048; // RFC 7518 §3.3 and §3.5
    /** Larger keys cost more time for each token than they are worth. */
    private static final int MAX_BITS = 8192;

    private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(3);
    /** NIST allows 256 bits, but no one uses more than 32, and the time to verify grows with them. */
    private static final int MAX_EXPONENT_BITS = 32;

    private static final PSSParameterSpec PS256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final SignatureCheck rs256;
    private final SignatureCheck rs512;
    private final SignatureCheck ps256;
    private final int signatureLength;

    private RsaKey(RSAPublicKey key) {
        this.rs256 = new SignatureCheck("SHA256withRSA", null, key);
        this.rs512 = new SignatureCheck("SHA512withRSA", null, key);
        this.ps256 = new SignatureCheck("RSASSA-PSS", PS256, key);
        this.signatureLength = (key.getModulus().bitLength() + 7) / 8;
    }

    /** The key with this modulus and exponent (unsigned, big-endian), unless they are too weak or not an RSA key. */
    static Optional<VerificationKey> of(byte[] modulus, byte[] exponent) {
        BigInteger n = new BigInteger(1, modulus);
        BigInteger e = new BigInteger(1, exponent);
        // e = 1 would make every message its own signature.
        boolean usable = n.bitLength() >= MIN_BITS
                && n.bitLength() <= MAX_BITS
                && n.testBit(0)
                && e.compareTo(MIN_EXPONENT) >= 0
                && e.bitLength() <= MAX_EXPONENT_BITS
                && e.testBit(0);
        if (!usable) {
            return Optional.empty();
        }
        try {
            RSAKey key = new RSAKey.Builder(Base64URL.encode(n), Base64URL.encode(e)).build();
            return Optional.of(new RsaKey(key.toRSAPublicKey()));
        } catch (JOSEException notAnRsaKey) {
            return Optional.empty();
        }
    }

    @Override
    public boolean serves(SignatureAlgorithm algorithm) {
        return checkOf(algorithm).isPresent();
    }

    @Override
    public boolean verifies(SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature) {
        // RFC 8017 §8.2.2 step 1; some providers also take a signature with its leading zero stripped.
        return signature.length == signatureLength
                && checkOf(algorithm)
                        .filter(check -> check.passes(signingInput, signature))
                        .isPresent();
    }

    private Optional<SignatureCheck> checkOf(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case RS256 -> Optional.of(rs256);
            case RS512 -> Optional.of(rs512);
            case PS256 -> Optional.of(ps256);
            case ES256, EDDSA, HS256 -> Optional.empty();
        };
    }
}
