package dev.jeton.management;

import dev.jeton.oauth.ScopeSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Every scope of the system API. */
public final class SystemScopes {
    private static final String FILE = "/system-api-scopes.txt";
    public static final ScopeSet ALL = read();

    private SystemScopes() {}

    private static ScopeSet read() {
        try (InputStream file = SystemScopes.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not in the jar");
            }
            return ScopeSet.of(new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
