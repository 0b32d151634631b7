package dev.jeton.resourceserver;

import java.nio.charset.StandardCharsets;

/** The secret with which an API's HS256 tokens are signed and checked: its UTF-8 octets are the key. */
public final class SigningSecret {
    public static final int MIN_LENGTH = 16;

    private final String text;

    public SigningSecret(String text) {
        if (text.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("a signing secret has at least " + MIN_LENGTH + " characters");
        }
        this.text = text;
    }

    public String reveal() {
        return text;
    }

    /** The key, RFC 7518 §3.2. */
    public byte[] keyBytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
