package dev.jeton.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that tokens are checked with: either the public keys of an issuer or one secret, never both. Immutable.
 *
 * <p>Each key serves the algorithms of its type and no other: an RSA key RS256, RS512 and PS256, a P-256 key ES256, an
 * Ed25519 key EdDSA, a secret HS256. Which of them count is decided by {@link AccessTokenVerifier.Builder#algorithms}.
 *
 * <p>A token's key is the only one in the set that has the token's {@code kid} and serves its {@code alg}; for a token
 * without {@code kid}, the only one that serves its {@code alg}. Where more than one fits, as with equal {@code kid}s,
 * the token is refused rather than tried against each.
 */
public final class KeySet {
    static final int MAX_JWKS_LENGTH = 512 * 1024;

    private record Entry(Optional<String> keyId, VerificationKey key) {
        boolean fits(SignatureAlgorithm algorithm, Optional<String> wanted) {
            return key.serves(algorithm) && (wanted.isEmpty() || key instanceof SharedSecret || keyId.equals(wanted));
        }
    }

    private final List<Entry> entries;

    private KeySet(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads a JWK Set, RFC 7517 §5, of at most 524288 characters.
     *
     * <p>Entries that are not usable are ignored: of another {@code kty} or curve than RSA, P-256 and Ed25519;
     * {@code use} other than {@code sig}; {@code key_ops} without {@code verify}; an {@code alg} that its type does not
     * serve; RSA below 2048 or above 8192 bits or with an exponent that is even, below 3 or above 32 bits; points that
     * are not on the curve or, on Ed25519, of small order; {@code kid} that is not a string. A set without a usable key
     * is a valid one, and no token verifies with it. Private members and secrets are not read, certificates neither.
     *
     * @throws IllegalArgumentException if the text is larger, is not a JSON object with a {@code keys} array of
     *     objects, or has a member name twice in one object
     */
    public static KeySet parse(String jwksJson) {
        if (jwksJson.length() > MAX_JWKS_LENGTH) {
            throw new IllegalArgumentException("a JWK Set of more than " + MAX_JWKS_LENGTH + " characters");
        }
        List<Entry> entries = new ArrayList<>();
        for (Object entry : keysOf(jwksJson)) {
            if (!(entry instanceof Map<?, ?> members)) {
                throw new IllegalArgumentException("not a JWK Set: keys holds something that is not an object");
            }
            Jwk jwk = new Jwk(members);
            jwk.verificationKey().ifPresent(key -> entries.add(new Entry(jwk.keyId(), key)));
        }
        return new KeySet(entries);
    }

    private static List<?> keysOf(String jwksJson) {
        try {
            if (JsonReader.readObject(jwksJson).get("keys") instanceof List<?> keys) {
                return keys;
            }
        } catch (MalformedJsonException malformed) {
            throw new IllegalArgumentException("not a JWK Set: " + malformed.getMessage(), malformed);
        }
        throw new IllegalArgumentException("not a JWK Set: there is no keys array");
    }

    /**
     * One secret, for an API whose tokens are signed with HS256: the bytes of its signing secret in UTF-8. A token's
     * {@code kid} is not looked at, since there is nothing to choose from.
     *
     * @throws IllegalArgumentException if the secret has fewer than 32 bytes, RFC 7518 §3.2
     */
    public static KeySet ofSecret(byte[] secret) {
        return new KeySet(List.of(new Entry(Optional.empty(), new SharedSecret(secret))));
    }

    /**
     * The key that fits, or nothing.
     *
     * @throws InvalidTokenException if more than one fits
     */
    Optional<VerificationKey> find(SignatureAlgorithm algorithm, Optional<String> keyId) {
        VerificationKey found = null;
        for (Entry entry : entries) {
            if (entry.fits(algorithm, keyId)) {
                if (found != null) {
                    throw new InvalidTokenException(Rejection.AMBIGUOUS_KEY);
                }
                found = entry.key();
            }
        }
        return Optional.ofNullable(found);
    }
}
