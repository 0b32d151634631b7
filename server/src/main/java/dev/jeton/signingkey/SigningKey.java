package dev.jeton.signingkey;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key pair with its self-signed certificate and its place in the rotation.
 *
 * @param currentUntil when another key took over; its last token ends one token lifetime later
 */
public record SigningKey(
        String kid,
        KeyType type,
        State state,
        PrivateKey privateKey,
        X509Certificate certificate,
        Instant createdAt,
        @Nullable Instant currentSince,
        @Nullable Instant currentUntil,
        @Nullable Instant revokedAt) {

    /** Where a key stands. {@code NEXT}, {@code CURRENT} and {@code PREVIOUS} are published. */
    public enum State {
        /** Published ahead, so that APIs know it before it signs. */
        NEXT,
        /** Signs. */
        CURRENT,
        /** Signs no more; its tokens are good until they expire. */
        PREVIOUS,
        /** Published no more: its tokens are refused as soon as an API fetches the key set again. */
        REVOKED
    }

    SigningKey became(State newState, @Nullable Instant since, @Nullable Instant until, @Nullable Instant revoked) {
        return new SigningKey(kid, type, newState, privateKey, certificate, createdAt, since, until, revoked);
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + ", " + type + ", " + state + "]";
    }
}
