package dev.jeton.tokenclient;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to bring about. */
final class Eventually {
    private static final long AT_MOST_NANOS = 20_000_000_000L;

    private Eventually() {}

    static void eventually(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > AT_MOST_NANOS) {
                throw new AssertionError("still not so: " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }
}
