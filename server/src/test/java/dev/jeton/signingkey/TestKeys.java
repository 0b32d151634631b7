package dev.jeton.signingkey;

import dev.jeton.SeededRandom;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.signingkey.SigningKey.State;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.Migrations;
import dev.jeton.storage.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Signing keys in a database of their own, with the ring that reads them: fixed ones or freshly made. */
public final class TestKeys implements AutoCloseable {
    private final Database database;
    private final SigningKeyStore store;
    private final KeyRing ring;

    public TestKeys(Path folder) {
        this.database = TestDatabase.sqlite(folder.resolve("jeton.db"));
        Migrations.run(database);
        SeededRandom random = new SeededRandom(1);
        Encryption encryption = Encryption.open(database, new byte[Encryption.MASTER_KEY_BYTES], random);
        this.store = new SigningKeyStore(database, encryption, new ChangeFeed(database, InstantSource.system()));
        this.ring = new KeyRing(store);
    }

    /** Adds, of each type, the key in the test resources as the current one. */
    public TestKeys withFixedKeys() {
        for (KeyType type : KeyType.values()) {
            SigningKey key = fixed(type);
            database.change(handle -> store.insert(handle, key));
        }
        ring.loadAll();
        return this;
    }

    /** As the database has them now. */
    public KeyRing ring() {
        ring.loadAll();
        return ring;
    }

    List<SigningKey> all() {
        return store.findAll();
    }

    Database database() {
        return database;
    }

    KeyRotation rotation(InstantSource clock, Duration cacheLifetime, Duration longestToken) {
        SeededRandom random = new SeededRandom(2);
        KeyGenerator generator =
                new KeyGenerator(new Identifiers(random), random, Issuer.of("https://login.example.com"));
        return new KeyRotation(store, generator, clock, cacheLifetime, longestToken);
    }

    private static SigningKey fixed(KeyType type) {
        String name = type.name().toLowerCase(Locale.ROOT);
        Instant created = Instant.parse("2026-11-23T12:00:00Z");
        return new SigningKey(
                "fixed-" + name,
                type,
                State.CURRENT,
                privateKey(type, name),
                certificate(name),
                created,
                created,
                null,
                null);
    }

    private static PrivateKey privateKey(KeyType type, String name) {
        String pem = new String(resource("/keys/" + name + ".key.pem"), StandardCharsets.US_ASCII);
        byte[] pkcs8 = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        String algorithm = switch (type) {
            case RSA -> "RSA";
            case EC_P256 -> "EC";
            case ED25519 -> "Ed25519";
        };
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(String name) {
        try (InputStream pem = open("/keys/" + name + ".cert.pem")) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream file = open(name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream file = TestKeys.class.getResourceAsStream(name);
        if (file == null) {
            throw new IllegalStateException(name + " is not on the class path");
        }
        return file;
    }

    @Override
    public void close() {
        database.close();
    }
}
