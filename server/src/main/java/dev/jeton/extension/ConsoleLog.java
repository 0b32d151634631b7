package dev.jeton.extension;

import dev.jeton.extension.ConsoleStore.Arrived;
import dev.jeton.storage.StorageUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What users' code writes, kept by a thread of its own, many lines at once. No token waits for it: lines that come faster
 * than they can be stored, or while the database cannot be used, are dropped.
 */
public final class ConsoleLog implements Console, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleLog.class);
    private static final int MOST_WAITING = 1_000;
    private static final Duration BETWEEN_COMMITS = Duration.ofMillis(250);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final ConsoleStore store;
    private final InstantSource clock;
    private final BlockingQueue<Arrived> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;

    public ConsoleLog(ConsoleStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("jeton-console").daemon().start(this::run);
    }

    @Override
    public void write(Line line) {
        waiting.offer(new Arrived(clock.instant(), line));
    }

    private void run() {
        try {
            while (true) {
                List<Arrived> lines = new ArrayList<>(List.of(waiting.take()));
                waiting.drainTo(lines);
                store(lines);
                Thread.sleep(BETWEEN_COMMITS);
            }
        } catch (InterruptedException _) {
            List<Arrived> rest = new ArrayList<>();
            waiting.drainTo(rest);
            store(rest);
        }
    }

    private void store(List<Arrived> lines) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            store.add(lines);
        } catch (StorageUnavailableException e) {
            LOG.warn("{} lines that Hooks or Actions wrote are not kept: {}", lines.size(), e.getMessage());
        } catch (RuntimeException e) {
            // The next lines are worth another try.
            LOG.error("{} lines that Hooks or Actions wrote are not kept", lines.size(), e);
        }
    }

    /** Stores what has come. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
