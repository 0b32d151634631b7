package dev.jeton.token;

import static java.util.Objects.requireNonNull;

import dev.jeton.audit.AuditEvent.Execution;
import dev.jeton.audit.AuditEvent.Source;
import dev.jeton.audit.AuditEvent.TokenEvent;
import dev.jeton.audit.AuditEvent.TokenIssued;
import dev.jeton.audit.AuditEvent.TokenRefused;
import dev.jeton.audit.AuditLog;
import dev.jeton.client.Client;
import dev.jeton.client.ClientAuthenticator;
import dev.jeton.clientgrant.ClientGrants;
import dev.jeton.config.Config;
import dev.jeton.extension.CredentialsExchange;
import dev.jeton.extension.Decision;
import dev.jeton.http.Cors;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError;
import dev.jeton.oauth.OAuthError.AudienceDemandsMore;
import dev.jeton.oauth.OAuthError.ClientNotAuthenticated;
import dev.jeton.oauth.OAuthError.MethodNotAllowed;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthError.ScopeNotGranted;
import dev.jeton.oauth.OAuthError.TemporarilyUnavailable;
import dev.jeton.oauth.OAuthError.TooManyFailures;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.RefusalReason;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServers;
import dev.jeton.signingkey.KeyRing;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.usage.TokenLatency;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@code POST /oauth/token}, RFC 6749 §3.2: the phases of a token request, in their order. */
public final class TokenEndpoint {
    public static final String PATH = "/oauth/token";
    static final int MAX_BODY_BYTES = 64 * 1024;

    /** RFC 6749 §5.1: neither tokens nor refusals are kept by anybody on the way. */
    static final List<Response.Header> HEADERS = List.of(
            new Response.Header("Content-Type", "application/json; charset=utf-8"),
            new Response.Header("Cache-Control", "no-store"),
            new Response.Header("Pragma", "no-cache"));

    private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final ClientAuthenticator authenticator;
    private final ClientCredentialsGrant grant;
    private final CredentialsExchange exchange;
    private final AccessTokenIssuer issuer;
    private final AuditLog auditLog;
    private final ChangeFeed registry;
    private final InstantSource clock;
    private final TokenLatency latency;
    private final OAuthErrorResponse refusals;
    private final FailedAuthentications failures;
    private final Cors cors;

    public TokenEndpoint(
            Config.OAuth settings,
            Config.Throttle throttle,
            ClientAuthenticator authenticator,
            ResourceServers resourceServers,
            ClientGrants clientGrants,
            CredentialsExchange exchange,
            KeyRing keyRing,
            Identifiers identifiers,
            Issuer issuer,
            AuditLog auditLog,
            ChangeFeed registry,
            InstantSource clock,
            TokenLatency latency) {
        this.authenticator = authenticator;
        this.grant = new ClientCredentialsGrant(
                resourceServers, clientGrants, settings.defaultAudience().map(Audience::value));
        this.exchange = exchange;
        this.issuer = new AccessTokenIssuer(issuer, keyRing, identifiers);
        this.auditLog = auditLog;
        this.registry = registry;
        this.clock = clock;
        this.latency = latency;
        this.refusals = new OAuthErrorResponse(settings.errors(), issuer);
        this.failures = new FailedAuthentications(clock, throttle);
        this.cors = new Cors(Set.copyOf(settings.corsOrigins()));
    }

    public void mount(Router router) {
        router.add(new Router.Route(
                Router.ANY,
                PATH,
                Router.Runs.ON_EVENT_LOOP,
                "TokenEndpoint",
                "public",
                MAX_BODY_BYTES,
                this::handle,
                refusals::of));
    }

    /** What is known of a request, for its audit record: more with each phase. */
    private static final class Progress {
        private final long beganNanos = System.nanoTime();
        private @Nullable TokenRequest request;
        private @Nullable Client client;
        private Optional<Execution> execution = Optional.empty();
    }

    private CompletionStage<Response> handle(Request request) {
        if (request.method().equals("OPTIONS")) {
            return CompletableFuture.completedFuture(cors.preflight(request, "POST"));
        }
        Instant now = clock.instant();
        Progress progress = new Progress();
        try {
            requirePost(request);
            ChangeFeed.Moment decided = requireCurrentRegistry();
            TokenRequest tokenRequest = TokenRequest.parse(request);
            progress.request = tokenRequest;
            Client client = authenticator.authenticate(tokenRequest.credentials());
            progress.client = client;
            ClientCredentialsGrant.Access access = grant.decide(client, tokenRequest);
            return exchange.concerns(access.resourceServer())
                    ? issueAfterExchange(request, progress, access)
                    : issue(request, progress, access, now, decided);
        } catch (OAuthException refusal) {
            return refuse(request, progress, now, refusal.error());
        }
    }

    private CompletionStage<Response> issueAfterExchange(
            Request request, Progress progress, ClientCredentialsGrant.Access access) {
        TokenRequest asked = requireNonNull(progress.request);
        ScopeSet askedScope = asked.scope().orElse(ScopeSet.EMPTY);
        return exchange.decide(access.client(), access.resourceServer(), access.scope(), askedScope, request)
                .handle((decision, fault) -> {
                    Instant now = clock.instant();
                    try {
                        if (fault != null) {
                            throw refusal(fault);
                        }
                        progress.execution = decision.execution();
                        return switch (decision) {
                            case Decision.Allowed allowed -> {
                                // What was withdrawn while the code ran is not given.
                                ChangeFeed.Moment decided = requireCurrentRegistry();
                                ClientCredentialsGrant.Access still =
                                        grant.decide(authenticator.authenticate(asked.credentials()), asked);
                                if (!still.scope().equals(access.scope())) {
                                    throw new OAuthException(new TemporarilyUnavailable(
                                            "the scope granted was changed while users' code was asked about it",
                                            null));
                                }
                                yield issue(request, progress, still.decidedBy(allowed), now, decided);
                            }
                            case Decision.Refused refused -> refuse(request, progress, now, refused.error());
                        };
                    } catch (OAuthException refusal) {
                        return refuse(request, progress, now, refusal.error());
                    }
                })
                .thenCompose(answer -> answer);
    }

    private static OAuthException refusal(Throwable fault) {
        Throwable cause = fault instanceof CompletionException ? requireNonNull(fault.getCause()) : fault;
        if (cause instanceof OAuthException refusal) {
            return refusal;
        }
        throw new IllegalStateException("a call of users' code failed", cause);
    }

    private CompletionStage<Response> issue(
            Request request,
            Progress progress,
            ClientCredentialsGrant.Access access,
            Instant now,
            ChangeFeed.Moment decided) {
        AccessToken token = issuer.issue(access, now);
        Response response = cors.allow(
                        request, success(token).about(access.client().id().value(), null))
                .withLastLook(answer -> registry.holds(decided) ? answer : outdated(request));
        return answerOnceRecorded(request, progress, issued(now, request, progress, access, token), response);
    }

    private static void requirePost(Request request) {
        if (!request.method().equals("POST")) {
            throw new OAuthException(new MethodNotAllowed());
        }
    }

    /** A node that lost sight of the registry might honour what was withdrawn elsewhere. */
    private ChangeFeed.Moment requireCurrentRegistry() {
        ChangeFeed.Moment moment = registry.moment();
        if (!registry.isCurrent()) {
            throw new OAuthException(new TemporarilyUnavailable("the registry is not current", null));
        }
        return moment;
    }

    /** A token on record that waited so long, for that or with the whole process, that it may have been withdrawn. */
    private Response outdated(Request request) {
        LOG.warn("answered 503 to request {}: the registry has changed since its token was made", request.id());
        return cors.allow(
                request,
                refusals.response(
                        new TemporarilyUnavailable("the registry has changed since the token was made", null), null));
    }

    private CompletionStage<Response> refuse(Request request, Progress progress, Instant now, OAuthError error) {
        if (error instanceof TemporarilyUnavailable unavailable) {
            // Nothing was decided, so there is nothing to record; and the disk may be what is missing.
            LOG.warn("answered 503 to request {}: {}", request.id(), unavailable.reason());
            return CompletableFuture.completedFuture(cors.allow(request, refusals.response(error, null)));
        }
        OAuthError answered = error instanceof ClientNotAuthenticated ? throttled(request, progress, error) : error;
        String clientId = clientId(progress).orElse(null);
        Response response = cors.allow(request, refusals.response(answered, clientId));
        return answerOnceRecorded(request, progress, refused(now, request, progress, error, answered), response);
    }

    private OAuthError throttled(Request request, Progress progress, OAuthError error) {
        Optional<Duration> wait = failures.record(request.address(), clientId(progress));
        return wait.isPresent() ? new TooManyFailures(wait.get()) : error;
    }

    /** No decision leaves before its record is on disk; one that cannot be recorded was not made. */
    private CompletionStage<Response> answerOnceRecorded(
            Request request, Progress progress, TokenEvent event, Response response) {
        return auditLog.append(event).handle((_, fault) -> {
            if (fault == null) {
                latency.record(event.at(), Duration.ofNanos(System.nanoTime() - progress.beganNanos));
                return response;
            }
            LOG.warn("no audit record of request {}, answered 503: {}", request.id(), fault.getMessage());
            return cors.allow(request, refusals.response(new TemporarilyUnavailable("no audit record", fault), null));
        });
    }

    private static TokenIssued issued(
            Instant now, Request request, Progress progress, ClientCredentialsGrant.Access access, AccessToken token) {
        return new TokenIssued(
                now,
                source(request),
                access.client().id(),
                access.client().name(),
                access.resourceServer().id(),
                access.resourceServer().audience(),
                token.scope(),
                token.jti(),
                progress.execution);
    }

    private TokenRefused refused(
            Instant now, Request request, Progress progress, OAuthError error, OAuthError answered) {
        OAuthErrorResponse.Refusal refusal = refusals.refusal(answered);
        Optional<TokenRequest> asked = Optional.ofNullable(progress.request);
        return new TokenRefused(
                now,
                source(request),
                clientId(progress)
                        .filter(id -> id.length() <= ClientId.MAX_LENGTH)
                        .map(ClientId::new)
                        .orElse(null),
                progress.client == null ? null : progress.client.name(),
                progress.client == null
                        ? null
                        : asked.flatMap(grant::resourceServer)
                                .map(ResourceServer::id)
                                .orElse(null),
                asked.flatMap(TokenRequest::audience)
                        .filter(audience -> audience.length() <= Audience.MAX_LENGTH)
                        .map(Audience::new)
                        .orElse(null),
                asked.flatMap(TokenRequest::scope).orElse(null),
                error instanceof ScopeNotGranted refused ? refused.granted() : null,
                refusal.error(),
                refusal.description(),
                switch (error) {
                    case ClientNotAuthenticated failed -> failed.reason();
                    case RefusedByExtension failed -> failed.reason();
                    case AudienceDemandsMore refused -> refused.setting();
                    default -> refusal.description();
                },
                RefusalReason.of(error),
                progress.execution);
    }

    private static Optional<String> clientId(Progress progress) {
        return progress.client != null
                ? Optional.of(progress.client.id().value())
                : Optional.ofNullable(progress.request)
                        .map(request -> request.credentials().clientId());
    }

    private static Source source(Request request) {
        return new Source(request.address(), request.userAgent(), request.id());
    }

    /** RFC 6749 §5.1; {@code scope} is left out when it is empty. */
    static Response success(AccessToken token) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            json.writeStartObject();
            json.writeStringProperty("access_token", token.compact());
            if (!token.scope().isEmpty()) {
                json.writeStringProperty("scope", token.scope().toString());
            }
            json.writeNumberProperty("expires_in", token.lifetime().toSeconds());
            json.writeStringProperty("token_type", "Bearer");
            json.writeEndObject();
        }
        return Response.of(200, HEADERS, body.toByteArray());
    }
}
