package dev.jeton.verifier;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One entry of a JWK Set, RFC 7517 §4, as it was read: only its public members are ever looked at. */
record Jwk(Map<?, ?> members) {

    /** The key, unless it is none for signatures that Jeton uses; RFC 7517 §5 says to ignore such entries. */
    Optional<VerificationKey> verificationKey() {
        return isForSignatures() ? keyOfItsType().filter(this::agreesWithAlg) : Optional.empty();
    }

    /** The {@code kid}, or nothing if there is none. */
    Optional<String> keyId() {
        return string("kid");
    }

    private boolean isForSignatures() {
        boolean use = !members.containsKey("use") || "sig".equals(members.get("use"));
        boolean operations = !members.containsKey("key_ops")
                || (members.get("key_ops") instanceof List<?> keyOps && keyOps.contains("verify"));
        boolean kid = !members.containsKey("kid") || members.get("kid") instanceof String;
        return use && operations && kid;
    }

    private Optional<VerificationKey> keyOfItsType() {
        return switch (string("kty").orElse("")) {
            case "RSA" -> bytes("n").flatMap(n -> bytes("e").flatMap(e -> RsaKey.of(n, e)));
            case "EC" -> onCurve("P-256").flatMap(x -> bytes("y").flatMap(y -> P256Key.of(x, y)));
            case "OKP" -> onCurve("Ed25519").flatMap(Ed25519Key::of);
            default -> Optional.empty(); // "oct" too: a secret has no place in a published set
        };
    }

    /** The member {@code x}, if the entry is on that curve. */
    private Optional<byte[]> onCurve(String curve) {
        return string("crv").filter(curve::equals).flatMap(same -> bytes("x"));
    }

    /**
     * An entry's {@code alg} has to be one that its type serves, and says no more: Jeton publishes its RSA key as RS256
     * and also signs RS512 and PS256 with it.
     */
    private boolean agreesWithAlg(VerificationKey key) {
        return !members.containsKey("alg")
                || SignatureAlgorithm.named(members.get("alg"))
                        .filter(key::serves)
                        .isPresent();
    }

    private Optional<byte[]> bytes(String name) {
        return string(name).flatMap(Base64Url::decode);
    }

    private Optional<String> string(String name) {
        return members.get(name) instanceof String value ? Optional.of(value) : Optional.empty();
    }
}
