package dev.jeton.oauth;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Draws ids and secrets in the formats that tools know. Any thread may ask; none waits for another. */
public final class Identifiers {
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String URL_SAFE = ALPHANUMERIC + "-_";
    /** Crockford's base 32: no letters that look like digits, and in the order of their values. */
    private static final String BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final String BASE_58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static final int DRAWN_AHEAD = 4096;

    /** One thread's share of randomness, drawn in advance: a generator that all share is a lock. */
    private static final class Pool {
        private final RandomGenerator source;
        private final byte[] bytes = new byte[DRAWN_AHEAD];
        private int used = DRAWN_AHEAD;

        Pool(RandomGenerator source) {
            this.source = source;
        }

        int next() {
            if (used == DRAWN_AHEAD) {
                source.nextBytes(bytes);
                used = 0;
            }
            int value = bytes[used] & 0xff;
            bytes[used++] = 0;
            return value;
        }
    }

    private final ThreadLocal<Pool> pools;

    /** @param source a {@link java.security.SecureRandom} wherever secrets are made */
    public Identifiers(RandomGenerator source) {
        this.pools = ThreadLocal.withInitial(() -> new Pool(source));
    }

    /** 32 letters and digits. */
    public ClientId clientId() {
        return new ClientId(draw(32, ALPHANUMERIC));
    }

    /** 64 characters of {@code A–Z a–z 0–9 - _}: 384 bits. */
    public String clientSecret() {
        return draw(64, URL_SAFE);
    }

    /** 22 characters of {@code A–Z a–z 0–9 - _}: 132 bits, for a page to mark its own styles with. */
    public String nonce() {
        return draw(22, URL_SAFE);
    }

    /** {@code cgr_} and 16 letters and digits. */
    public String clientGrantId() {
        return "cgr_" + draw(16, ALPHANUMERIC);
    }

    /** {@code cred_} and 22 digits of base 58: no letters and digits that look alike. */
    public String credentialId() {
        return "cred_" + draw(22, BASE_58);
    }

    /** 24 hexadecimal digits, of which the first eight are the Unix time: ids sort by age. */
    public String resourceServerId(Instant now) {
        return "%08x".formatted(now.getEpochSecond()) + hex(8);
    }

    /** A ULID: 26 digits of base 32, of which the first ten are the time in milliseconds: ids sort by age. */
    public String hookId(Instant now) {
        long millis = now.toEpochMilli();
        StringBuilder time = new StringBuilder();
        for (int shift = 45; shift >= 0; shift -= 5) {
            time.append(BASE_32.charAt((int) (millis >>> shift) & 31));
        }
        return time + draw(16, BASE_32);
    }

    /** A random UUID (version 4, RFC 9562 §5.4) in lower case. */
    public String uuid() {
        long high = (bits() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (bits() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** {@code adm_} and 16 letters and digits. */
    public String administratorId() {
        return "adm_" + draw(16, ALPHANUMERIC);
    }

    /** 43 characters of {@code A–Z a–z 0–9 - _}: 258 bits, for a session or a link that is used once. */
    public String oneTimeSecret() {
        return draw(43, URL_SAFE);
    }

    /** A key id: 21 characters of {@code A–Z a–z 0–9 - _}. */
    public String keyId() {
        return draw(21, URL_SAFE);
    }

    /** A token id: 22 letters and digits, 130 bits. */
    public String jti() {
        return draw(22, ALPHANUMERIC);
    }

    /** A request id: 20 hexadecimal digits. */
    public String requestId() {
        return hex(10);
    }

    private long bits() {
        Pool pool = pools.get();
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = (bits << Byte.SIZE) | pool.next();
        }
        return bits;
    }

    private String hex(int bytes) {
        Pool pool = pools.get();
        byte[] drawn = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            drawn[i] = (byte) pool.next();
        }
        return HexFormat.of().formatHex(drawn);
    }

    private String draw(int length, String alphabet) {
        Pool pool = pools.get();
        byte[] text = new byte[length];
        for (int i = 0; i < length; ) {
            // Six bits, drawn again when outside of the alphabet: every character is equally likely.
            int index = pool.next() & 63;
            if (index < alphabet.length()) {
                text[i++] = (byte) alphabet.charAt(index);
            }
        }
        return new String(text, StandardCharsets.US_ASCII);
    }
}
