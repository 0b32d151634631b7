package dev.jeton.administrator;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes passwords by Argon2id, RFC 9106. One takes about 75 ms of a core and 19 MiB, which are kept for the next: made anew
 * each time, they would be too many for the young generation, and the heap would grow to its limit with garbage. So whoever
 * asks must see to it that one is under way at a time.
 */
final class Passwords {
    /** How much work a hash is. */
    record Cost(int memoryKib, int passes, int lanes) {}

    /** The function itself. */
    @FunctionalInterface
    interface Function {
        byte[] hash(byte[] password, byte[] salt, Cost cost);
    }

    private static final Cost COST = new Cost(19 * 1024, 3, 1);
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d)\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

    private final Function function;
    private final SecureRandom random;
    /** What an unknown name's password is checked against. Nothing hashes to it: it is drawn, not computed. */
    private final PasswordHash nobodys;

    Passwords(Function function, SecureRandom random) {
        this.function = function;
        this.random = random;
        this.nobodys = phc(COST, draw(SALT_BYTES), draw(HASH_BYTES));
    }

    Passwords(SecureRandom random) {
        this(argon2id(new FixedBlockPool(Argon2BytesGenerator.getBlockCount(COST.memoryKib(), COST.lanes()))), random);
    }

    private static Function argon2id(FixedBlockPool memory) {
        return (password, salt, cost) -> argon2id(memory, password, salt, cost);
    }

    private static byte[] argon2id(FixedBlockPool memory, byte[] password, byte[] salt, Cost cost) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .withBlockPool(memory)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(password, hash);
        return hash;
    }

    PasswordHash hash(Password password) {
        byte[] salt = draw(SALT_BYTES);
        return phc(COST, salt, function.hash(password.bytes(), salt, COST));
    }

    /** What takes as long to check as anybody's, and never fits. */
    PasswordHash nobodys() {
        return nobodys;
    }

    boolean fits(Password password, PasswordHash hash) {
        Matcher phc = PHC.matcher(hash.reveal());
        if (!phc.matches()) {
            throw new IllegalStateException("a stored password is not in PHC's format for Argon2id");
        }
        Cost cost = new Cost(
                Integer.parseInt(phc.group(1)), Integer.parseInt(phc.group(2)), Integer.parseInt(phc.group(3)));
        byte[] salt = Base64.getDecoder().decode(phc.group(4));
        byte[] expected = Base64.getDecoder().decode(phc.group(5));
        return MessageDigest.isEqual(expected, function.hash(password.bytes(), salt, cost));
    }

    private static PasswordHash phc(Cost cost, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new PasswordHash("$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=" + cost.lanes()
                + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash));
    }

    private byte[] draw(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return drawn;
    }
}
