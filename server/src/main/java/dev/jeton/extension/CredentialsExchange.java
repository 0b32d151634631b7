package dev.jeton.extension;

import dev.jeton.client.Client;
import dev.jeton.config.Config;
import dev.jeton.http.Request;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthError.TemporarilyUnavailable;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The extensibility point {@code credentials-exchange}: users' code decides what a token carries. */
public final class CredentialsExchange implements AutoCloseable {
    private static final int TRIALS_AT_ONCE = 2;
    private static final Duration WAIT_FOR_A_TRIAL = Duration.ofSeconds(10);

    private final Config.Hooks settings;
    private final String host;
    private final RandomGenerator random;
    private final WorkerRuntime runtime;
    private final Console console;
    private final Semaphore trials = new Semaphore(TRIALS_AT_ONCE);
    private volatile @Nullable WorkerPool workers;
    /** Pools that may still have workers, beside the current one. */
    private final Set<WorkerPool> others = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * @param environment the server's, for its {@code PATH}: there Node.js and bubblewrap are looked for
     * @param random draws the ids of calls, which no code may guess
     */
    public CredentialsExchange(
            Config.Hooks settings,
            Issuer issuer,
            Map<String, String> environment,
            RandomGenerator random,
            ConsoleLog console) {
        this.settings = settings;
        this.host = issuer.host();
        this.random = random;
        this.console = console;
        this.runtime = new WorkerRuntime(settings, SearchPath.of(environment));
    }

    /** Has that bundle run from now on; calls that the one before has are still answered by it. Does not wait. */
    public synchronized void use(Optional<Bundle> bundle) {
        if (closed) {
            return;
        }
        WorkerPool before = workers;
        workers = bundle.map(made -> new WorkerPool(runtime, made, settings, console, WorkerPool.SPARE_FOR))
                .orElse(null);
        if (workers != null) {
            workers.warm();
        }
        others.removeIf(WorkerPool::isOver);
        if (before != null) {
            others.add(before);
            before.retire();
        }
    }

    /** Waits until the bundle at work can be called without waiting, or cannot be started. */
    public void awaitWarm() {
        WorkerPool current = workers;
        if (current != null) {
            current.awaitSettled();
        }
    }

    /** Why users' code cannot run on this machine, in a sentence with the cure; empty if it can. */
    public Optional<String> obstacle() {
        return runtime.obstacle();
    }

    /** Whether code is to be asked: never for the system API, so that what is broken can always be repaired. */
    public boolean concerns(ResourceServer api) {
        return workers != null && !api.isSystem();
    }

    /**
     * Runs the bundle at work.
     *
     * @param scope about to be granted
     * @param asked the scope that the request named; empty if none
     * @return what was decided, usually on a thread of a worker; fails with an {@link OAuthException} if all workers are
     *     busy
     */
    public CompletionStage<Decision> decide(
            Client client, ResourceServer api, ScopeSet scope, ScopeSet asked, Request request) {
        for (WorkerPool pool = workers; pool != null; pool = workers) {
            if (closed) {
                return CompletableFuture.failedFuture(
                        new OAuthException(new TemporarilyUnavailable("the server is stopping", null)));
            }
            ExchangeCall call = ExchangeCall.of(client, api.audience(), scope, asked, request, host, random);
            if (pool.run(call)) {
                return call.decision();
            }
        }
        // It was disabled a moment ago.
        return CompletableFuture.completedFuture(new Decision.Allowed(scope, Map.of(), Optional.empty()));
    }

    /**
     * What became of a sample.
     *
     * @param duration of all, the start of the process included
     */
    public record Rehearsal(Decision decision, List<ConsoleLine> console, Duration duration) {}

    /** A line that the code wrote. */
    public record ConsoleLine(String level, String text) {}

    /**
     * Runs one script, whether or not it is at work, in a process of its own for a sample of a request. Blocks as long as
     * that takes.
     *
     * @param sample as the protocol with the worker has the member {@code call}
     * @return empty if too many are running
     */
    public Optional<Rehearsal> rehearse(Script script, ObjectNode sample) {
        if (!trials.tryAcquire()) {
            return Optional.empty();
        }
        long began = System.nanoTime();
        ConcurrentLinkedQueue<ConsoleLine> lines = new ConcurrentLinkedQueue<>();
        try (Trial trial = new Trial(List.of(script), line -> lines.add(new ConsoleLine(line.level(), line.text())))) {
            ExchangeCall call = ExchangeCall.ofSample(sample, random);
            if (!trial.pool.run(call)) {
                return Optional.empty();
            }
            Decision decision = call.decision().join();
            return Optional.of(
                    new Rehearsal(decision, List.copyOf(lines), Duration.ofNanos(System.nanoTime() - began)));
        } finally {
            trials.release();
        }
    }

    /** Why a worker cannot load these scripts; empty if it can. Blocks as long as a start takes. */
    public Optional<String> problemOf(List<Script> scripts) {
        try {
            if (!trials.tryAcquire(WAIT_FOR_A_TRIAL.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of(
                        "Whether the code can be loaded was not tried, as others are being tried; try again");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("The server is stopping; try again");
        }
        try (Trial trial = new Trial(scripts, _ -> {})) {
            return trial.pool.awaitSettled()
                    ? trial.pool.failure().map(RefusedByExtension::reason)
                    : Optional.of("The code was not loaded in time");
        } finally {
            trials.release();
        }
    }

    /** Scripts in a process of their own, whether or not they are at work. */
    private final class Trial implements AutoCloseable {
        private final WorkerPool pool;

        Trial(List<Script> scripts, Console console) {
            this.pool = new WorkerPool(runtime, new Bundle(scripts), settings, console, WorkerPool.SPARE_FOR);
            others.add(pool);
            pool.warm();
        }

        @Override
        public void close() {
            pool.close();
            others.remove(pool);
        }
    }

    /** Ends the workers; calls in flight get an error. */
    @Override
    public synchronized void close() {
        closed = true;
        WorkerPool last = workers;
        if (last != null) {
            last.close();
        }
        others.forEach(WorkerPool::close);
        runtime.close();
    }
}
