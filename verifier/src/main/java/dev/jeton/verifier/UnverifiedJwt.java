package dev.jeton.verifier;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signed JWT in compact form (RFC 7515 §3.1) of which only the shape was checked. Anyone can write one, so nothing in
 * it is true: use it to show a token, never to decide. {@link AccessTokenVerifier} makes an {@link AccessToken} of it.
 */
public final class UnverifiedJwt {
    /** The size cap in characters, which are bytes in every token that is accepted. */
    static final int MAX_LENGTH = 16 * 1024;

    private final Map<String, @Nullable Object> header;
    private final Map<String, @Nullable Object> claims;
    private final byte[] signingInput;
    private final byte[] signature;

    private UnverifiedJwt(
            Map<String, @Nullable Object> header,
            Map<String, @Nullable Object> claims,
            byte[] signingInput,
            byte[] signature) {
        this.header = header;
        this.claims = claims;
        this.signingInput = signingInput;
        this.signature = signature;
    }

    /**
     * Reads a token: at most 16384 characters, three non-empty parts in unpadded, canonical base64url, a JSON object in
     * UTF-8 in the first two, no member name twice in an object, nested at most 32 deep.
     *
     * <p>Not checked: signature, algorithm, any other header parameter, any claim.
     *
     * @throws InvalidTokenException with {@link Rejection#TOKEN_TOO_LARGE}, {@link Rejection#ENCRYPTED} or
     *     {@link Rejection#MALFORMED}
     */
    public static UnverifiedJwt parse(String token) {
        if (token.length() > MAX_LENGTH) {
            throw new InvalidTokenException(Rejection.TOKEN_TOO_LARGE);
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length == 5) { // RFC 7516 §3.1
            throw new InvalidTokenException(Rejection.ENCRYPTED);
        }
        if (parts.length != 3) {
            throw new InvalidTokenException(Rejection.MALFORMED);
        }
        byte[] header = decode(parts[0]);
        byte[] claims = decode(parts[1]);
        byte[] signature = decode(parts[2]);
        // The bytes as they came: what is signed is never rebuilt from what was read.
        byte[] signingInput =
                token.substring(0, parts[0].length() + 1 + parts[1].length()).getBytes(StandardCharsets.US_ASCII);
        return new UnverifiedJwt(jsonObject(header), jsonObject(claims), signingInput, signature);
    }

    private static byte[] decode(String part) {
        return Base64Url.decode(part)
                .filter(bytes -> bytes.length > 0)
                .orElseThrow(() -> new InvalidTokenException(Rejection.MALFORMED));
    }

    private static Map<String, @Nullable Object> jsonObject(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        // Malformed input was replaced by U+FFFD, which has bytes of its own.
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw new InvalidTokenException(Rejection.MALFORMED);
        }
        try {
            return JsonReader.readObject(text);
        } catch (MalformedJsonException malformed) {
            throw new InvalidTokenException(Rejection.MALFORMED);
        }
    }

    /**
     * The JOSE header, unverified and unmodifiable, in the order of the token. Values are {@link String}, {@link Long}
     * or {@link java.math.BigDecimal}, {@link Boolean}, {@link java.util.List}, {@link Map} and null.
     */
    public Map<String, @Nullable Object> header() {
        return header;
    }

    /** The claims, unverified and unmodifiable, in the order of the token; the same types as in {@link #header}. */
    public Map<String, @Nullable Object> claims() {
        return claims;
    }

    /** Header and payload as they were received, with the dot between them; RFC 7515 §5.2 step 8. */
    byte[] signingInput() {
        return signingInput.clone();
    }

    byte[] signature() {
        return signature.clone();
    }
}
