package dev.jeton.tokenclient;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds whoever comes until a test opens it. */
final class Gate {
    private final CountDownLatch latch = new CountDownLatch(1);

    void pass() {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened the gate");
            }
        } catch (InterruptedException ended) {
            throw new AssertionError("interrupted at the gate", ended);
        }
    }

    void open() {
        latch.countDown();
    }
}
