package dev.jeton.oauth;

/** The identifier of a resource server, which becomes {@code aud}: compared character by character, 1 to 600 of them. */
public record Audience(String value) {
    public static final int MAX_LENGTH = 600;

    public Audience {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an audience has 1 to " + MAX_LENGTH + " characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
