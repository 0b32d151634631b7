package dev.jeton;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/**
 * Where time, randomness and the environment variables of programs that the server starts come from: the system's, asked
 * for by {@link Main} only, or a test's.
 */
public record Sources(InstantSource clock, SecureRandom random, Map<String, String> environment) {
    public Sources {
        environment = Map.copyOf(environment);
    }
}
