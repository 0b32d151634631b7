package dev.jeton.verifier;

import java.util.Base64;
import java.util.Optional;

/** Base64url without padding, as RFC 7515 §2 has it. */
final class Base64Url {
    private Base64Url() {}

    /** The bytes, if the text is the one encoding of them: no padding, no whitespace, no stray bits at the end. */
    static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            // Java's decoder takes padding and stray bits; encoding again shows both, and anything else it forgives.
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64Url) {
            return Optional.empty();
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
