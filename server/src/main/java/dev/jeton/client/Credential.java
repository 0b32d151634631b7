package dev.jeton.client;

import dev.jeton.management.EntityTag;
import dev.jeton.oauth.ClientId;
import java.time.Instant;
import java.util.Optional;

/**
 * A public key, certificate or name of a certificate by which a client could prove who it is. Which of them it uses stands
 * in the client.
 *
 * @param kid of a public key
 * @param alg of a public key
 * @param subjectDn of a certificate's name: its attributes, each on a line
 * @param thumbprint of a public key, RFC 7638, or of a certificate: base64url of its SHA-256
 * @param pem what was sent, in which there is no private key
 */
record Credential(
        String id,
        ClientId client,
        Type type,
        Optional<String> name,
        Optional<String> kid,
        Optional<String> alg,
        Optional<String> subjectDn,
        Optional<String> thumbprint,
        Optional<String> pem,
        Optional<Instant> expiresAt,
        Instant createdAt,
        Instant updatedAt) {

    /** {@code credential_type}. */
    enum Type {
        PUBLIC_KEY("public_key"),
        CERT_SUBJECT_DN("cert_subject_dn"),
        X509_CERT("x509_cert");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        static Type of(String wireName) {
            for (Type type : values()) {
                if (type.wireName.equals(wireName)) {
                    return type;
                }
            }
            throw new IllegalArgumentException("no type of credentials is named " + wireName);
        }
    }

    /** The same, which is good until then, or for ever. */
    Credential expiringAt(Optional<Instant> newExpiry, Instant now) {
        Instant later = EntityTag.later(updatedAt, now);
        return new Credential(
                id, client, type, name, kid, alg, subjectDn, thumbprint, pem, newExpiry, createdAt, later);
    }
}
