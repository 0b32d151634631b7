package dev.jeton;

import java.security.SecureRandom;
import java.util.Random;

/** Randomness that is the same in every run. */
@SuppressWarnings("serial") // never serialized
public final class SeededRandom extends SecureRandom {
    private final Random random;

    public SeededRandom(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
