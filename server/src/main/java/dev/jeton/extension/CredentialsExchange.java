package dev.jeton.extension;

import dev.jeton.client.Client;
import dev.jeton.config.Config;
import dev.jeton.http.Request;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError.RefusalCode;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The extensibility point {@code credentials-exchange}: the enabled Hook decides what a token carries. */
public final class CredentialsExchange implements AutoCloseable {
    /** As much as an audit record holds. */
    private static final int MAX_SCOPE = 65_536;

    private final Config.Hooks settings;
    private final Issuer issuer;
    private final RandomGenerator random;
    private final WorkerRuntime runtime;
    private volatile @Nullable WorkerPool workers;

    /**
     * @param environment the server's, for its {@code PATH}: there Node.js and bubblewrap are looked for
     * @param random draws the ids of calls, which no Hook may guess
     */
    public CredentialsExchange(
            Config.Hooks settings, Issuer issuer, Map<String, String> environment, RandomGenerator random) {
        this.settings = settings;
        this.issuer = issuer;
        this.random = random;
        this.runtime = new WorkerRuntime(settings, SearchPath.of(environment));
    }

    /** Has that bundle run from now on; calls that the one before has are still answered by it. Does not wait. */
    public synchronized void use(Optional<Bundle> bundle) {
        WorkerPool before = workers;
        workers = bundle.map(made -> new WorkerPool(runtime, made, settings)).orElse(null);
        if (workers != null) {
            workers.warm();
        }
        if (before != null) {
            before.retire();
        }
    }

    /** Whether a Hook is to be asked: never for the system API, so that a broken one can always be repaired. */
    public boolean concerns(ResourceServer api) {
        return workers != null && !api.isSystem();
    }

    /**
     * Runs the Hook.
     *
     * @return what it decided, on a thread of its worker; fails with an {@link OAuthException} if it refused or failed
     */
    public CompletionStage<Decision> decide(Client client, ResourceServer api, ScopeSet scope, Request request) {
        ExchangeCall call = new ExchangeCall(client, issuer.host(), scope, api.audience(), request, random);
        for (WorkerPool pool = workers; pool != null; pool = workers) {
            if (pool.run(call)) {
                return call.claims().thenApply(CredentialsExchange::decision);
            }
        }
        // It was disabled a moment ago.
        return CompletableFuture.completedFuture(new Decision(scope, Map.of()));
    }

    private static Decision decision(ObjectNode result) {
        try {
            return new Decision(scope(result.path("scope")), CustomClaims.permitted(result));
        } catch (CustomClaims.TooLargeException _) {
            throw failed("The Hook's claims are larger than " + CustomClaims.MAX_BYTES + " bytes");
        }
    }

    /** What the Hook left out is not granted. */
    private static ScopeSet scope(JsonNode scope) {
        if (scope.isMissingNode() || scope.isNull()) {
            return ScopeSet.EMPTY;
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : scope) {
            values.add(value.asString(""));
        }
        if (!scope.isArray() || !values.stream().allMatch(ScopeSet::isValue)) {
            throw failed("The Hook's scope is not an array of scope names");
        }
        ScopeSet set = ScopeSet.of(values);
        if (set.toString().length() > MAX_SCOPE) {
            throw failed("The Hook's scope is longer than " + MAX_SCOPE + " characters");
        }
        return set;
    }

    private static OAuthException failed(String description) {
        return new OAuthException(new RefusedByExtension(RefusalCode.SERVER_ERROR, description, description));
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
