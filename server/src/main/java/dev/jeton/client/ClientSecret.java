package dev.jeton.client;

import java.nio.charset.StandardCharsets;

/** A client's secret in the clear: {@code toString} does not show it, {@link #reveal} does. */
public final class ClientSecret {
    private final String text;

    public ClientSecret(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a client secret is not empty");
        }
        this.text = text;
    }

    public String reveal() {
        return text;
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
