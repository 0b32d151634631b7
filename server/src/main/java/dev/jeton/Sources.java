package dev.jeton;

import java.security.SecureRandom;
import java.time.InstantSource;

/** Where time and randomness come from: the system's, asked for by {@link Main} only, or a test's. */
public record Sources(InstantSource clock, SecureRandom random) {}
