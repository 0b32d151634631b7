package dev.jeton.signingkey;

import dev.jeton.resourceserver.SigningAlgorithm;
import java.util.Arrays;
import java.util.Optional;

/** A kind of key pair. One key of each kind signs at a time; the RSA key serves RS256, RS512 and PS256. */
public enum KeyType {
    RSA("RS256"),
    EC_P256("ES256"),
    ED25519("EdDSA");

    private final String algorithm;

    KeyType(String algorithm) {
        this.algorithm = algorithm;
    }

    /** How the database, the JWKS and the management API name it. */
    public String algorithm() {
        return algorithm;
    }

    public static Optional<KeyType> find(String algorithm) {
        return Arrays.stream(values())
                .filter(type -> type.algorithm.equals(algorithm))
                .findFirst();
    }

    /** The key pair that signs for an API; none for HS256, which has the API's own secret. */
    public static Optional<KeyType> of(SigningAlgorithm algorithm) {
        return switch (algorithm) {
            case RS256, RS512, PS256 -> Optional.of(RSA);
            case ES256 -> Optional.of(EC_P256);
            case EDDSA -> Optional.of(ED25519);
            case HS256 -> Optional.empty();
        };
    }
}
