package dev.jeton.e2e.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Something done again and again beside the load of a server, until it is stopped or goes wrong. */
final class Disturbance implements AutoCloseable {
    /** What is done. */
    interface Deed {
        /**
         * Once; returns what it was.
         *
         * @throws IOException if the server was away, which it may be
         */
        String once() throws IOException;
    }

    private final Deed deed;
    private final Map<String, Integer> done = new TreeMap<>();
    private final Thread thread;
    private volatile Optional<Throwable> fault = Optional.empty();
    private volatile boolean enough;

    private Disturbance(Deed deed) {
        this.deed = deed;
        this.thread = Thread.ofPlatform().name(deed.getClass().getSimpleName()).start(this::run);
    }

    static Disturbance start(Deed deed) {
        return new Disturbance(deed);
    }

    private void run() {
        try {
            while (!enough) {
                count(once());
            }
        } catch (RuntimeException | AssertionError e) {
            fault = Optional.of(e);
        }
    }

    private String once() {
        try {
            return deed.once();
        } catch (IOException | UncheckedIOException e) {
            return "cut off";
        }
    }

    private synchronized void count(String what) {
        done.merge(what, 1, Integer::sum);
    }

    synchronized String done() {
        return thread.getName() + ": " + done;
    }

    void requireFine() {
        fault.ifPresent(thrown -> {
            throw new AssertionError(thread.getName() + " found a fault", thrown);
        });
    }

    static void pause(int ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    @Override
    public void close() {
        enough = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        requireFine();
    }
}
