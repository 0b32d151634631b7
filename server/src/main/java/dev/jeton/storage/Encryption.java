package dev.jeton.storage;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * Encryption and digests at rest. Values are encrypted (AES-256-GCM) with a keyset that stands in the database, itself
 * encrypted with the master key, which does not: changing the master key rewrites two rows.
 */
public final class Encryption {
    /** The bytes of a master key: AES-256. */
    public static final int MASTER_KEY_BYTES = 32;

    private static final String VALUES = "values";
    private static final String DIGESTS = "digests";
    private static final String FIND = "select encrypted from keysets where name = :name";
    private static final String INSERT = "insert into keysets (name, encrypted) values (:name, :encrypted)";
    private static final String UPDATE = "update keysets set encrypted = :encrypted where name = :name";

    /** The master key does not open this database. */
    public static final class WrongMasterKeyException extends RuntimeException {
        WrongMasterKeyException(Throwable cause) {
            super(
                    "the master key does not fit this database: give the one it was made with (master.key in its data"
                            + " folder, JETON_MASTER_KEY or JETON_MASTER_KEY_FILE)",
                    cause);
        }
    }

    private final Aead values;
    /** One each for the few threads that check secrets: looking a provider up costs more than the digest. */
    private final ThreadLocal<Mac> mac;

    private Encryption(Aead values, SecretKeySpec digestKey) {
        this.values = values;
        this.mac = ThreadLocal.withInitial(() -> mac(digestKey));
    }

    /**
     * Opens the keysets, or makes them on a fresh database; two nodes that start at once make one set.
     *
     * @throws WrongMasterKeyException if they were made with another master key
     */
    public static Encryption open(Database database, byte[] masterKey, SecureRandom random) {
        Aead master = master(masterKey);
        return database.writeAtStart(handle -> {
            KeysetHandle values = find(handle, VALUES)
                    .map(encrypted -> openKeyset(encrypted, master))
                    .orElseGet(() -> makeKeyset(handle, master));
            byte[] digests = find(handle, DIGESTS)
                    .map(encrypted -> open(encrypted, master, DIGESTS))
                    .orElseGet(() -> makeDigestKey(handle, master, random));
            return new Encryption(primitive(values), new SecretKeySpec(digests, "HmacSHA256"));
        });
    }

    /** Whether the database has keysets: no server has started on one that has none. */
    public static boolean isIn(Database database) {
        return database.<Boolean, RuntimeException>read(
                handle -> find(handle, VALUES).isPresent());
    }

    /**
     * Encrypts the keysets with another master key; the old one opens nothing from then on.
     *
     * @throws WrongMasterKeyException if {@code oldMasterKey} is not the present one
     */
    public static void rewrap(Database database, byte[] oldMasterKey, byte[] newMasterKey) {
        Aead oldMaster = master(oldMasterKey);
        Aead newMaster = master(newMasterKey);
        database.change(handle -> {
            for (String name : new String[] {VALUES, DIGESTS}) {
                byte[] encrypted = find(handle, name)
                        .orElseThrow(() -> new IllegalStateException("there is no keyset '" + name + "' to rewrap"));
                byte[] keyset = open(encrypted, oldMaster, name);
                handle.createUpdate(UPDATE)
                        .bind("name", name)
                        .bind("encrypted", seal(keyset, newMaster, name))
                        .execute();
            }
        });
    }

    /** Whether that master key opens this database. */
    public static boolean opens(Database database, byte[] masterKey) {
        return database.<Optional<Boolean>, RuntimeException>read(handle -> opens(handle, masterKey))
                .orElse(false);
    }

    /** {@link #opens(Database, byte[])}; empty if there is nothing to open. */
    static Optional<Boolean> opens(Handle handle, byte[] masterKey) {
        Aead master = master(masterKey);
        return find(handle, DIGESTS).map(encrypted -> fits(encrypted, master));
    }

    private static boolean fits(byte[] encrypted, Aead master) {
        try {
            open(encrypted, master, DIGESTS);
            return true;
        } catch (WrongMasterKeyException _) {
            return false;
        }
    }

    private static Aead master(byte[] masterKey) {
        if (masterKey.length != MASTER_KEY_BYTES) {
            throw new IllegalArgumentException("a master key has " + MASTER_KEY_BYTES + " bytes");
        }
        try {
            AeadConfig.register();
            return new AesGcmJce(masterKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private static Optional<byte[]> find(Handle handle, String name) {
        return handle.createQuery(FIND).bind("name", name).mapTo(byte[].class).findOne();
    }

    private static KeysetHandle openKeyset(byte[] encrypted, Aead master) {
        try {
            return TinkProtoKeysetFormat.parseKeyset(
                    open(encrypted, master, VALUES), InsecureSecretKeyAccess.get(), RegistryConfiguration.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset in the database is damaged", e);
        }
    }

    private static KeysetHandle makeKeyset(Handle handle, Aead master) {
        try {
            KeysetHandle keyset =
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            byte[] serialized = TinkProtoKeysetFormat.serializeKeyset(
                    keyset, InsecureSecretKeyAccess.get(), RegistryConfiguration.get());
            insert(handle, VALUES, seal(serialized, master, VALUES));
            return keyset;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private static byte[] makeDigestKey(Handle handle, Aead master, SecureRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        insert(handle, DIGESTS, seal(key, master, DIGESTS));
        return key;
    }

    private static void insert(Handle handle, String name, byte[] encrypted) {
        handle.createUpdate(INSERT)
                .bind("name", name)
                .bind("encrypted", encrypted)
                .execute();
    }

    private static Aead primitive(KeysetHandle keyset) {
        try {
            return keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keyset in the database is damaged", e);
        }
    }

    private static byte[] seal(byte[] keyset, Aead master, String name) {
        try {
            return master.encrypt(keyset, associatedData("keysets", name, "encrypted"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    private static byte[] open(byte[] encrypted, Aead master, String name) {
        try {
            return master.decrypt(encrypted, associatedData("keysets", name, "encrypted"));
        } catch (GeneralSecurityException e) {
            throw new WrongMasterKeyException(e);
        }
    }

    /** Encrypts a value for one place in the database; it opens nowhere else. */
    public byte[] encrypt(byte[] value, String table, String row, String column) {
        try {
            return values.encrypt(value, associatedData(table, row, column));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    /**
     * Decrypts a value of that place.
     *
     * @throws IllegalStateException if it was altered or belongs elsewhere
     */
    public byte[] decrypt(byte[] encrypted, String table, String row, String column) {
        try {
            return values.decrypt(encrypted, associatedData(table, row, column));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    table + "." + column + " of " + row + " is damaged or belongs elsewhere", e);
        }
    }

    /** The keyed digest of a secret, HMAC-SHA-256: 32 bytes. */
    public byte[] digest(byte[] secret) {
        return mac.get().doFinal(secret);
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    private static byte[] associatedData(String table, String row, String column) {
        return (table + '\0' + row + '\0' + column).getBytes(StandardCharsets.UTF_8);
    }
}
