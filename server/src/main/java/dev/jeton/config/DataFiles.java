package dev.jeton.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What stands where in a data folder; nothing is made, locked or checked here, as {@link DataFolder} does. */
public record DataFiles(Path folder) {
    private static final int MAX_KEY_BYTES = 64 * 1024;

    public DataFiles {
        folder = folder.toAbsolutePath().normalize();
    }

    public Path database() {
        return folder.resolve("jeton.db");
    }

    public Path audit() {
        return folder.resolve("audit");
    }

    public Path masterKey() {
        return folder.resolve("master.key");
    }

    /** A key that is to take the place of the present one, while the database is encrypted anew. */
    public Path pendingKey() {
        return folder.resolve("master.key.new");
    }

    public Path tls() {
        return folder.resolve("tls");
    }

    public Path cliCredentials() {
        return folder.resolve("cli.json");
    }

    public Path backups() {
        return folder.resolve("backups");
    }

    Path lock() {
        return folder.resolve("jeton.lock");
    }

    Path layout() {
        return folder.resolve("layout");
    }

    /**
     * The master key in a file, whoever else may read it.
     *
     * @throws IllegalArgumentException if the file holds no key; the message is the rest of a sentence
     */
    public static Secret key(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Kind.masterKey(new String(in.readNBytes(MAX_KEY_BYTES), StandardCharsets.US_ASCII));
        }
    }
}
