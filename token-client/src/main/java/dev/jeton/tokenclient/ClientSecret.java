package dev.jeton.tokenclient;

/** The secret of a client; {@code toString} does not show it, and nothing outside this package can read it. */
public final class ClientSecret {
    private final String text;

    private ClientSecret(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the client secret is empty");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the client secret holds a line end or another control character;"
                    + " if it was read from a file, take the line without its end");
        }
        this.text = text;
    }

    /**
     * A secret, kept as it is given.
     *
     * @throws IllegalArgumentException if it is empty or holds a control character, such as the line end of a file
     */
    public static ClientSecret of(String secret) {
        return new ClientSecret(secret);
    }

    /**
     * The same for a secret in an array, which is copied and may be wiped afterwards.
     *
     * @throws IllegalArgumentException if it is empty or holds a control character, such as the line end of a file
     */
    public static ClientSecret of(char[] secret) {
        return new ClientSecret(new String(secret));
    }

    String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
