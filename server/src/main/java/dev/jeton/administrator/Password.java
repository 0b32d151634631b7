package dev.jeton.administrator;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** What a person typed, in the form in which it is hashed: keyboards differ in how they compose an accented letter. */
final class Password {
    static final int MIN_LENGTH = 12;
    static final int MAX_LENGTH = 1_024;

    private final String text;

    Password(String typed) {
        this.text = Normalizer.normalize(typed, Normalizer.Form.NFC);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
