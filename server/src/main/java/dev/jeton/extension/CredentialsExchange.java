package dev.jeton.extension;

import dev.jeton.client.Client;
import dev.jeton.config.Config;
import dev.jeton.http.Request;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The extensibility point {@code credentials-exchange}: users' code decides what a token carries. */
public final class CredentialsExchange implements AutoCloseable {
    private static final int REHEARSALS_AT_ONCE = 2;

    private final Config.Hooks settings;
    private final Issuer issuer;
    private final RandomGenerator random;
    private final WorkerRuntime runtime;
    private final Console console;
    private final Semaphore rehearsals = new Semaphore(REHEARSALS_AT_ONCE);
    private volatile @Nullable WorkerPool workers;

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
        this.issuer = issuer;
        this.random = random;
        this.console = console;
        this.runtime = new WorkerRuntime(settings, SearchPath.of(environment));
    }

    /** Has that bundle run from now on; calls that the one before has are still answered by it. Does not wait. */
    public synchronized void use(Optional<Bundle> bundle) {
        WorkerPool before = workers;
        workers = bundle.map(made -> new WorkerPool(runtime, made, settings, console, WorkerPool.SPARE_FOR))
                .orElse(null);
        if (workers != null) {
            workers.warm();
        }
        if (before != null) {
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
     * @return what was decided, on a thread of a worker; fails with an {@link OAuthException} if all workers are busy
     */
    public CompletionStage<Decision> decide(
            Client client, ResourceServer api, ScopeSet scope, ScopeSet asked, Request request) {
        for (WorkerPool pool = workers; pool != null; pool = workers) {
            ExchangeCall call = ExchangeCall.of(client, api.audience(), scope, asked, request, issuer, random);
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
        if (!rehearsals.tryAcquire()) {
            return Optional.empty();
        }
        long began = System.nanoTime();
        ConcurrentLinkedQueue<ConsoleLine> lines = new ConcurrentLinkedQueue<>();
        try (WorkerPool pool = poolFor(script, line -> lines.add(new ConsoleLine(line.level(), line.text())))) {
            ExchangeCall call = ExchangeCall.ofSample(sample, random);
            pool.warm();
            pool.run(call);
            Decision decision = call.decision().join();
            return Optional.of(
                    new Rehearsal(decision, List.copyOf(lines), Duration.ofNanos(System.nanoTime() - began)));
        } finally {
            rehearsals.release();
        }
    }

    /** Why a worker cannot load that script; empty if it can. Blocks as long as a start takes. */
    public Optional<String> problemOf(Script script) {
        try (WorkerPool pool = poolFor(script, _ -> {})) {
            pool.warm();
            pool.awaitSettled();
            return pool.failure().map(RefusedByExtension::reason);
        }
    }

    private WorkerPool poolFor(Script script, Console console) {
        return new WorkerPool(runtime, new Bundle(List.of(script)), settings, console, WorkerPool.SPARE_FOR);
    }

    /** Ends the workers; calls in flight get an error. */
    @Override
    public synchronized void close() {
        WorkerPool last = workers;
        if (last != null) {
            last.close();
        }
        runtime.close();
    }
}
