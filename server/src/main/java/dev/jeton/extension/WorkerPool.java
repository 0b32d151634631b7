package dev.jeton.extension;

import dev.jeton.config.Config;
import dev.jeton.oauth.OAuthError;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthError.TemporarilyUnavailable;
import dev.jeton.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one bundle: one from the start, more when calls wait, as many as are allowed, and fewer again when the
 * others have long been enough.
 */
final class WorkerPool implements AutoCloseable, Worker.Owner {
    /** Where the dependencies of a bundle lie, in a folder for each script; unpacked by the first worker that asks. */
    static final class Dependencies {
        private final WorkerRuntime runtime;
        private final Bundle bundle;
        private @Nullable Path folder;

        private Dependencies(WorkerRuntime runtime, Bundle bundle) {
            this.runtime = runtime;
            this.bundle = bundle;
        }

        synchronized Path folder() throws IOException {
            if (folder == null) {
                Path made = runtime.newFolder();
                try {
                    unpackTo(made);
                } catch (IOException | RuntimeException e) {
                    // A full disk must not be filled further by each new try.
                    WorkerRuntime.delete(made);
                    throw e;
                }
                folder = made;
            }
            return folder;
        }

        private void unpackTo(Path made) throws IOException {
            for (int i = 0; i < bundle.scripts().size(); i++) {
                Path own = Files.createDirectory(made.resolve(String.valueOf(i)));
                Optional<DependencyTree> tree = bundle.scripts().get(i).dependencies();
                if (tree.isPresent()) {
                    tree.get().unpackTo(own.resolve("node_modules"));
                }
            }
        }

        /** Tens of thousands of files may have to go, and who calls must not wait for that. */
        private synchronized void delete() {
            Path gone = folder;
            if (gone != null) {
                Thread.startVirtualThread(() -> WorkerRuntime.delete(gone));
            }
        }
    }

    /** Calls in flight in the least busy worker at which another is started. */
    private static final int BUSY = 32;
    /** More than a worker may have in flight, or a pool may have waiting, is answered 503. */
    private static final int MOST_CALLS = 1_024;
    /** Of the calls in flight in a worker: what requests say is held in its heap, several times over. */
    private static final int MOST_BYTES = 2 << 20;
    /** What cannot be loaded is not tried again for every call. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /** How long one worker fewer must have been enough before one is ended. */
    static final Duration SPARE_FOR = Duration.ofMinutes(1);

    private final WorkerRuntime runtime;
    private final Bundle bundle;
    private final Dependencies dependencies;
    private final Config.Hooks settings;
    private final Console console;
    private final Duration spareFor;
    private final CompletableFuture<@Nullable Void> settled = new CompletableFuture<>();

    // Guarded by this, from here on.
    private final List<Worker> starting = new ArrayList<>();
    private final List<Worker> ready = new ArrayList<>();
    /** All that have not ended: also those that take no more calls. */
    private final Set<Worker> alive = new HashSet<>();

    private final Deque<ExchangeCall> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable RefusedByExtension failure;
    private long failedAtNanos;
    private int started;
    /** When all that were ready were last needed. */
    private long neededAtNanos = System.nanoTime();

    private boolean retired;
    private boolean closed;

    WorkerPool(WorkerRuntime runtime, Bundle bundle, Config.Hooks settings, Console console, Duration spareFor) {
        this.runtime = runtime;
        this.bundle = bundle;
        this.dependencies = new Dependencies(runtime, bundle);
        this.settings = settings;
        this.console = console;
        this.spareFor = spareFor;
    }

    /** Starts the first worker, so that the first call need not wait for it. */
    synchronized void warm() {
        startWorker();
    }

    /** Called with the lock. */
    private void startWorker() {
        Worker worker = new Worker(runtime, bundle, dependencies, settings.deadline(), console, this, ++started);
        starting.add(worker);
        alive.add(worker);
        worker.start();
    }

    /**
     * Has a worker run it, soon; whatever becomes of it is said by {@link ExchangeCall#decision()}.
     *
     * @return false if this pool's bundle is no longer the current one, and the call is not taken
     */
    boolean run(ExchangeCall call) {
        Optional<OAuthError> refusal;
        synchronized (this) {
            if (retired) {
                return false;
            }
            refusal = refusal(call);
            if (refusal.isEmpty()) {
                handOver(call);
            }
        }
        refusal.ifPresent(error -> refuse(call, error));
        return true;
    }

    private static void refuse(ExchangeCall call, OAuthError error) {
        if (error instanceof RefusedByExtension refusal) {
            call.decision().complete(new Decision.Refused(refusal, Optional.empty()));
        } else {
            call.decision().completeExceptionally(new OAuthException(error));
        }
    }

    /** Called with the lock, so that a worker that takes it is told to retire only afterwards. */
    private void handOver(ExchangeCall call) {
        Optional<Worker> worker = leastBusy();
        if (worker.map(Worker::inFlight).orElse(BUSY) >= BUSY
                && starting.isEmpty()
                && ready.size() < settings.workers()
                && !failedJustNow()) {
            startWorker();
        }
        if (worker.isEmpty()) {
            waiting.add(call);
            waitingBytes += call.bytes();
        } else if (!worker.get().send(call)) {
            // It ended a moment ago, and has not said so yet.
            ready.remove(worker.get());
            handOver(call);
        }
    }

    private Optional<Worker> leastBusy() {
        return ready.stream().min(Comparator.comparingInt(Worker::inFlight));
    }

    private boolean failedJustNow() {
        return failure != null && System.nanoTime() - failedAtNanos < RETRY_AFTER.toNanos();
    }

    private Optional<OAuthError> refusal(ExchangeCall call) {
        if (ready.isEmpty() && failedJustNow()) {
            return Optional.ofNullable(failure);
        }
        int calls = leastBusy().map(Worker::inFlight).orElseGet(waiting::size);
        int bytes = leastBusy().map(Worker::bytesInFlight).orElse(waitingBytes);
        return calls >= MOST_CALLS || bytes + call.bytes() > MOST_BYTES
                ? Optional.of(new TemporarilyUnavailable("all workers are busy", null))
                : Optional.empty();
    }

    @Override
    public synchronized void isReady(Worker worker) {
        starting.remove(worker);
        if (closed) {
            worker.stop();
            return;
        }
        ready.add(worker);
        neededAtNanos = System.nanoTime();
        failure = null;
        List<ExchangeCall> calls = List.copyOf(waiting);
        clearWaiting();
        calls.forEach(this::handOver);
        if (retired) {
            worker.retire();
        }
        settled.complete(null);
    }

    private void clearWaiting() {
        waiting.clear();
        waitingBytes = 0;
    }

    @Override
    public synchronized void isAlive(Worker worker) {
        long now = System.nanoTime();
        int inFlight = ready.stream().mapToInt(Worker::inFlight).sum();
        if (ready.size() < 2 || inFlight >= (ready.size() - 1) * BUSY) {
            neededAtNanos = now;
        } else if (now - neededAtNanos > spareFor.toNanos() && ready.remove(worker)) {
            worker.retire();
            neededAtNanos = now;
        }
    }

    @Override
    public void hasEnded(Worker worker, @Nullable RefusedByExtension startFailure) {
        List<ExchangeCall> refused = List.of();
        synchronized (this) {
            starting.remove(worker);
            ready.remove(worker);
            alive.remove(worker);
            if (startFailure != null) {
                failure = startFailure;
                failedAtNanos = System.nanoTime();
                if (ready.isEmpty()) {
                    refused = List.copyOf(waiting);
                    clearWaiting();
                }
            }
            if (retired && alive.isEmpty()) {
                dependencies.delete();
            }
        }
        refused.forEach(call -> refuse(call, Objects.requireNonNull(startFailure)));
        settled.complete(null);
    }

    /** Waits until the first worker is ready, or could not be; false if it is neither in the time that a start may take. */
    boolean awaitSettled() {
        try {
            settled.get(Worker.START_WITHIN.plus(Worker.STOP_WITHIN).toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Why no worker could be started when it was last tried. */
    synchronized Optional<RefusedByExtension> failure() {
        return Optional.ofNullable(failure);
    }

    /** How many workers are ready. */
    synchronized int size() {
        return ready.size();
    }

    /** Whether it was retired, and all its workers have ended. */
    synchronized boolean isOver() {
        return retired && alive.isEmpty();
    }

    /** Takes no more calls, and ends when those that it has are answered. */
    synchronized void retire() {
        retired = true;
        ready.forEach(Worker::retire);
        if (waiting.isEmpty()) {
            starting.forEach(Worker::stop);
        }
        if (alive.isEmpty()) {
            dependencies.delete();
        }
    }

    /** Ends all workers; calls in flight get an error. */
    @Override
    public void close() {
        List<Worker> ending;
        List<ExchangeCall> refused;
        synchronized (this) {
            retired = true;
            closed = true;
            ending = List.copyOf(alive);
            refused = List.copyOf(waiting);
            clearWaiting();
        }
        refused.forEach(call -> refuse(call, new TemporarilyUnavailable("the server is stopping", null)));
        ending.forEach(Worker::stop);
        ending.forEach(Worker::awaitEnd);
    }
}
