package dev.jeton.signingkey;

import dev.jeton.signingkey.SigningKey.State;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The signing keys in the database; private keys are encrypted. */
public final class SigningKeyStore {
    /** How the feed of changes names this entity. */
    static final String ENTITY = "signing_key";

    private static final String FIND_ALL = """
            select kid, algorithm, state, private_key, certificate, created_at_ms, current_since_ms, current_until_ms,
                   revoked_at_ms
              from signing_keys
             order by created_at_ms, kid""";
    private static final String INSERT = """
            insert into signing_keys (kid, algorithm, state, private_key, certificate, created_at_ms, current_since_ms,
                                      current_until_ms, revoked_at_ms)
            values (:kid, :algorithm, :state, :private_key, :certificate, :created_at_ms, :current_since_ms,
                    :current_until_ms, :revoked_at_ms)""";
    private static final String UPDATE = """
            update signing_keys
               set state = :state, current_since_ms = :current_since_ms, current_until_ms = :current_until_ms,
                   revoked_at_ms = :revoked_at_ms
             where kid = :kid""";

    private final Database database;
    private final Encryption encryption;
    private final ChangeFeed changes;

    public SigningKeyStore(Database database, Encryption encryption, ChangeFeed changes) {
        this.database = database;
        this.encryption = encryption;
        this.changes = changes;
    }

    void insert(Handle handle, SigningKey key) {
        handle.createUpdate(INSERT)
                .bind("kid", key.kid())
                .bind("algorithm", key.type().algorithm())
                .bind("state", name(key.state()))
                .bind(
                        "private_key",
                        encryption.encrypt(key.privateKey().getEncoded(), "signing_keys", key.kid(), "private_key"))
                .bind("certificate", encoded(key.certificate()))
                .bind("created_at_ms", key.createdAt().toEpochMilli())
                .bind("current_since_ms", millis(key.currentSince()))
                .bind("current_until_ms", millis(key.currentUntil()))
                .bind("revoked_at_ms", millis(key.revokedAt()))
                .execute();
        changes.announce(handle, ENTITY, key.kid());
    }

    /** The state and its times; a key itself never changes. */
    void update(Handle handle, SigningKey key) {
        handle.createUpdate(UPDATE)
                .bind("kid", key.kid())
                .bind("state", name(key.state()))
                .bind("current_since_ms", millis(key.currentSince()))
                .bind("current_until_ms", millis(key.currentUntil()))
                .bind("revoked_at_ms", millis(key.revokedAt()))
                .execute();
        changes.announce(handle, ENTITY, key.kid());
    }

    List<SigningKey> findAll(Handle handle) {
        return handle.createQuery(FIND_ALL).map((row, _) -> key(row)).list();
    }

    List<SigningKey> findAll() {
        return database.read(this::findAll);
    }

    Optional<SigningKey> find(Handle handle, String kid) {
        return findAll(handle).stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    private SigningKey key(ResultSet row) throws SQLException {
        String kid = row.getString("kid");
        KeyType type = KeyType.find(row.getString("algorithm")).orElseThrow();
        return new SigningKey(
                kid,
                type,
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                privateKey(type, encryption.decrypt(row.getBytes("private_key"), "signing_keys", kid, "private_key")),
                certificate(row.getBytes("certificate")),
                Instant.ofEpochMilli(row.getLong("created_at_ms")),
                instant(row, "current_since_ms"),
                instant(row, "current_until_ms"),
                instant(row, "revoked_at_ms"));
    }

    private static PrivateKey privateKey(KeyType type, byte[] pkcs8) {
        String algorithm = switch (type) {
            case RSA -> "RSA";
            case EC_P256 -> "EC";
            case ED25519 -> "Ed25519";
        };
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a private key in the database cannot be read", e);
        }
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate in the database cannot be read", e);
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate cannot be encoded", e);
        }
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
