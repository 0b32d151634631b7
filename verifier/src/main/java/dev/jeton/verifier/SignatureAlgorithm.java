package dev.jeton.verifier;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The signature algorithms that Jeton uses. What is not here, {@code none} first of all, cannot be allowed. */
public enum SignatureAlgorithm {
    /** RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 §3.3. */
    RS256("RS256"),
    /** RSASSA-PKCS1-v1_5 with SHA-512, RFC 7518 §3.3. */
    RS512("RS512"),
    /** RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, RFC 7518 §3.5. */
    PS256("PS256"),
    /** ECDSA on P-256 with SHA-256, RFC 7518 §3.4. */
    ES256("ES256"),
    /** Ed25519 under the name that RFC 8037 §3.1 gave it; never Ed448. */
    EDDSA("EdDSA"),
    /** HMAC with SHA-256, RFC 7518 §3.2. Whoever can check such a token can also make one. */
    HS256("HS256");

    private static final List<SignatureAlgorithm> VALUES = List.of(values());

    private final String headerValue;

    SignatureAlgorithm(String headerValue) {
        this.headerValue = headerValue;
    }

    /** The exact value of {@code alg} in a token's header. */
    public String headerValue() {
        return headerValue;
    }

    /** The algorithm that an {@code alg} of any JSON type names, compared exactly. */
    static Optional<SignatureAlgorithm> named(@Nullable Object alg) {
        for (SignatureAlgorithm algorithm : VALUES) {
            if (algorithm.headerValue.equals(alg)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
