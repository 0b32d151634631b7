package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A client secret or an API's signing secret; it leaves only by {@link #reveal}. */
final class Secret {
    private final String value;

    Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret is not empty");
        }
        this.value = value;
    }

    /** The content of a file without the line end that editors add. */
    static Secret read(Path file) {
        String content;
        try {
            content = Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw Failure.usage("cannot read the secret file: " + FileTrouble.of(file, e));
        }
        if (content.isEmpty()) {
            throw Failure.usage("the secret file " + file + " is empty");
        }
        return new Secret(content);
    }

    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
