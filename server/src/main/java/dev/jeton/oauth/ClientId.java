package dev.jeton.oauth;

/** A client identifier, RFC 6749 §2.2: ours have 32 letters and digits, one brought along has at most 64 characters. */
public record ClientId(String value) {
    public static final int MAX_LENGTH = 64;

    public ClientId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a client id has 1 to " + MAX_LENGTH + " characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
