package dev.jeton.resourceserver;

import java.util.Arrays;
import java.util.Optional;

/** {@code signing_alg} of an API: the {@code alg} of its tokens, RFC 7518 §3.1 and RFC 8037 §3.1. */
public enum SigningAlgorithm {
    RS256("RS256"),
    RS512("RS512"),
    PS256("PS256"),
    ES256("ES256"),
    EDDSA("EdDSA"),
    /** With the API's own {@code signing_secret} rather than a key of the server. */
    HS256("HS256");

    private final String wireName;

    SigningAlgorithm(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    public static Optional<SigningAlgorithm> find(String wireName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.wireName.equals(wireName))
                .findFirst();
    }
}
