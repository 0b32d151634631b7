package dev.jeton.management;

import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeysUnavailableException;
import dev.jeton.verifier.Rejection;
import dev.jeton.verifier.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who may call the management API: the check of token or session, and of scope, that every one of its routes goes through. */
public final class ManagementAccess {
    /** The longest body of a management request: an API with a thousand scopes and their descriptions. */
    private static final int MAX_BODY_BYTES = 1024 * 1024;

    /** Says that a page asks by itself, in front of which nobody sits: that is no use of a session. */
    private static final String UNATTENDED = "X-Unattended";

    private static final String BEARER = "bearer ";
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String REALM = "Bearer realm=\"api/v2\"";
    private static final String NO_TOKEN = "Missing authentication";
    private static final String INSUFFICIENT_SCOPE = "insufficient_scope";
    private static final String INVALID_TOKEN = "Invalid token";
    private static final ObjectNode ATTRIBUTES_OF_INVALID_TOKEN = attributes();

    /** What a client may do at the system API now. */
    public record Standing(String clientName, ScopeSet granted) {}

    /** Finds a client's standing; empty if there is no such client, or no grant for the system API. */
    @FunctionalInterface
    public interface Standings {
        Optional<Standing> find(ClientId client);
    }

    /** Answers a call. */
    @FunctionalInterface
    public interface CallHandler {
        Response handle(Call call);
    }

    private final AccessTokenVerifier verifier;
    private final Standings standings;
    private final SignedInCallers signedIn;
    private final ChangeFeed registry;
    private final RateLimit rateLimit;
    private final List<Operation> operations = new ArrayList<>();

    public ManagementAccess(
            AccessTokenVerifier verifier,
            Standings standings,
            SignedInCallers signedIn,
            ChangeFeed registry,
            RateLimit rateLimit) {
        this.verifier = verifier;
        this.standings = standings;
        this.signedIn = signedIn;
        this.registry = registry;
        this.rateLimit = rateLimit;
    }

    /** As recorded, with this refusal only. */
    private static ObjectNode attributes() {
        ObjectNode more = JsonMapper.shared().createObjectNode();
        more.putObject("attributes").put("error", INVALID_TOKEN);
        return more;
    }

    /** Why a call is not taken; its answer has a challenge. */
    private static final class NotAllowedException extends RuntimeException {
        private final ApiError error;

        NotAllowedException(ApiError error) {
            super(error.message(), null, false, false);
            this.error = error;
        }
    }

    /** Adds the route of an operation, which runs on a worker, for callers with any of its scopes. */
    public void mount(Router router, String owner, Operation operation, CallHandler handler) {
        operations.add(operation);
        CallHandler checked = call -> {
            operation.requireFits(call.request().query());
            return handler.handle(call);
        };
        router.add(new Router.Route(
                operation.method(),
                "/api/v2" + operation.pattern(),
                Router.Runs.ON_WORKER,
                owner,
                String.join("|", operation.anyOf()),
                MAX_BODY_BYTES,
                Handler.of(request -> answer(request, operation.anyOf(), checked))));
    }

    /** All operations that were mounted, in that order. */
    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** Answers whatever else is asked for below {@code /api/v2} as Auth0 does without the scope for it: 403. */
    public void mountRest(Router router) {
        router.addBelow(unsupported(Router.ANY, "/api/v2/"));
    }

    /** Adds a route for which Jeton has nothing, where it has something for another method of the same path. */
    public void mountUnsupported(Router router, String method, String pattern) {
        router.add(unsupported(method, "/api/v2" + pattern));
    }

    private Router.Route unsupported(String method, String pattern) {
        return new Router.Route(
                method,
                pattern,
                Router.Runs.ON_WORKER,
                "ManagementAccess",
                "unsupported",
                MAX_BODY_BYTES,
                Handler.of(request -> {
                    List<String> scopes =
                            Unsupported.scopes(request.method(), request.path().substring("/api/v2/".length()));
                    return answer(request, scopes, _ -> {
                        throw insufficientScope(scopes);
                    });
                }));
    }

    private Response answer(Request request, List<String> anyOf, CallHandler handler) {
        try {
            ChangeFeed.Moment decided = registry.moment();
            Caller caller = authorize(request, anyOf);
            RateLimit.Place place = rateLimit.take(caller.who());
            if (!place.isWithin()) {
                return named(caller.who(), place.refusal(), "too_many_requests");
            }
            boolean isAsked = request.header(UNATTENDED).isEmpty();
            if (isAsked && caller.who() instanceof Actor.OfAdministrator) {
                signedIn.noteUse(request);
            }
            if (request.target().contains("%00")) {
                throw ApiError.badRequest(
                        "Path validation error: 'No identifier or parameter holds a NUL'.", "invalid_uri");
            }
            Runnable stillAllowed = () -> {
                boolean isSame = registry.holds(decided) && registry.moment().sequence() == decided.sequence();
                if (!isSame && !authorize(request, anyOf).equals(caller)) {
                    throw new NotAllowedException(new ApiError(
                            503, "What the caller may do has just been changed; try again", "temporarily_unavailable"));
                }
            };
            Response response = place.in(handled(handler, new Call(request, caller, stillAllowed)));
            return request.method().equals("GET") ? readBy(stillAllowed, response, anyOf) : response;
        } catch (NotAllowedException refusal) {
            return challenged(refusal.error, anyOf);
        }
    }

    private static Response handled(CallHandler handler, Call call) {
        try {
            return named(call.caller().who(), handler.handle(call), null);
        } catch (ApiError.ApiException refusal) {
            return named(
                    call.caller().who(),
                    refusal.error().response(),
                    refusal.error().errorCode());
        }
    }

    /** For the log line of the request. */
    private static Response named(Actor who, Response answer, @Nullable String errorCode) {
        return switch (who) {
            case Actor.OfClient client -> answer.about(client.id(), errorCode);
            case Actor.OfAdministrator administrator ->
                answer.about(null, errorCode).by(administrator.id(), administrator.name());
        };
    }

    /** What was read leaves only if the caller may read it even now; of what was changed, he is told. */
    private static Response readBy(Runnable stillAllowed, Response read, List<String> anyOf) {
        return read.withLastLook(answer -> {
            try {
                stillAllowed.run();
                return answer;
            } catch (NotAllowedException refusal) {
                return challenged(refusal.error, anyOf);
            }
        });
    }

    /** A refusal with its challenge, RFC 6750 §3: it says no more than the body does. */
    private static Response challenged(ApiError refusal, List<String> anyOf) {
        Response response = refusal.message().equals(INVALID_TOKEN)
                ? refusal.response(ATTRIBUTES_OF_INVALID_TOKEN)
                : refusal.response();
        return switch (refusal.status()) {
            case 400 -> response.with(CHALLENGE, REALM + ", error=\"invalid_request\"");
            case 401 ->
                response.with(
                        CHALLENGE,
                        refusal.message().equals(NO_TOKEN) || refusal.errorCode() != null
                                ? REALM
                                : REALM + ", error=\"invalid_token\", error_description=\"" + refusal.message() + "\"");
            case 403 ->
                INSUFFICIENT_SCOPE.equals(refusal.errorCode())
                        ? response.with(
                                CHALLENGE,
                                REALM + ", error=\"insufficient_scope\", scope=\"" + String.join(" ", anyOf) + "\"")
                        : response;
            default -> response;
        };
    }

    /** Checks who calls, by the session only if there is no token, and that the caller holds one of these scopes now. */
    private Caller authorize(Request request, List<String> anyOf) {
        if (!registry.isCurrent()) {
            throw new NotAllowedException(new ApiError(
                    503, "The server has lost sight of its database; try again", "temporarily_unavailable"));
        }
        Caller caller = request.headers("Authorization").isEmpty()
                ? signedIn(request).orElseThrow(() -> unauthorized(NO_TOKEN))
                : client(request);
        if (anyOf.stream().noneMatch(caller.scope()::contains)) {
            throw insufficientScope(anyOf);
        }
        return caller;
    }

    private Optional<Caller> signedIn(Request request) {
        try {
            return signedIn.find(request);
        } catch (ApiError.ApiException refusal) {
            throw new NotAllowedException(refusal.error());
        }
    }

    /**
     * Checks the bearer token, RFC 6750 §2.1, and cuts it to the client's grant of now: what was withdrawn from a client is
     * gone from the tokens it still has.
     */
    private Caller client(Request request) {
        AccessToken token = verified(bearerToken(request));
        ClientId client = token.clientId()
                .filter(id -> id.length() <= ClientId.MAX_LENGTH)
                .map(ClientId::new)
                .orElseThrow(() -> unauthorized(INVALID_TOKEN));
        Standing standing = standings.find(client).orElseThrow(() -> unauthorized(INVALID_TOKEN));
        ScopeSet scope = ScopeSet.of(token.scopes()).intersect(standing.granted());
        return new Caller(new Actor.OfClient(client, standing.clientName()), scope);
    }

    private static NotAllowedException insufficientScope(List<String> anyOf) {
        return new NotAllowedException(new ApiError(
                403, "Insufficient scope, expected any of: " + String.join(",", anyOf), INSUFFICIENT_SCOPE));
    }

    private AccessToken verified(String token) {
        return switch (verifier.verify(token)) {
            case Verification.Verified(AccessToken accessToken) -> accessToken;
            case Verification.Rejected(Rejection reason) ->
                throw switch (reason) {
                    case EXPIRED -> unauthorized("Expired token received for JSON Web Token validation");
                    case BAD_SIGNATURE, UNKNOWN_KEY, AMBIGUOUS_KEY ->
                        unauthorized("Invalid signature received for JSON Web Token validation");
                    case MALFORMED, ENCRYPTED -> isThreeParts(token) ? unauthorized(INVALID_TOKEN) : notBearer();
                    default -> unauthorized(INVALID_TOKEN);
                };
            case Verification.Undecided(KeysUnavailableException cause) -> throw cause; // our own keys are in memory
        };
    }

    private static String bearerToken(Request request) {
        List<String> headers = request.headers("Authorization");
        String header = headers.getFirst();
        if (headers.size() > 1 || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw notBearer();
        }
        return header.substring(BEARER.length()).strip();
    }

    private static boolean isThreeParts(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }

    private static NotAllowedException notBearer() {
        return new NotAllowedException(new ApiError(400, "Bad HTTP authentication header format", "Bearer"));
    }

    private static NotAllowedException unauthorized(String message) {
        return new NotAllowedException(new ApiError(401, message, null));
    }
}
