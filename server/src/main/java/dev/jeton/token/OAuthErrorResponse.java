package dev.jeton.token;

import dev.jeton.config.Config.ErrorDialect;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError;
import dev.jeton.oauth.OAuthError.AudienceDemandsMore;
import dev.jeton.oauth.OAuthError.AudienceMissing;
import dev.jeton.oauth.OAuthError.AudienceNotGranted;
import dev.jeton.oauth.OAuthError.AudienceUnknown;
import dev.jeton.oauth.OAuthError.BodyTooLong;
import dev.jeton.oauth.OAuthError.ClientNotAuthenticated;
import dev.jeton.oauth.OAuthError.GrantTypeMissing;
import dev.jeton.oauth.OAuthError.GrantTypeNotAllowed;
import dev.jeton.oauth.OAuthError.GrantTypeNotSupported;
import dev.jeton.oauth.OAuthError.MalformedRequest;
import dev.jeton.oauth.OAuthError.MalformedScope;
import dev.jeton.oauth.OAuthError.MethodNotAllowed;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.OAuthError.ScopeNotGranted;
import dev.jeton.oauth.OAuthError.ServerFault;
import dev.jeton.oauth.OAuthError.TemporarilyUnavailable;
import dev.jeton.oauth.OAuthError.TooManyFailures;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Where a refusal of the token endpoint becomes HTTP, in one of two dialects. */
final class OAuthErrorResponse {
    /** What goes on the wire. */
    record Refusal(int status, String error, String description) {}

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ErrorDialect dialect;
    private final String help;

    OAuthErrorResponse(ErrorDialect dialect, Issuer issuer) {
        this.dialect = dialect;
        this.help = issuer.url("docs/troubleshoot#");
    }

    Refusal refusal(OAuthError error) {
        return switch (dialect) {
            case AUTH0 -> auth0(error);
            case RFC6749 -> rfc6749(error);
        };
    }

    private Refusal auth0(OAuthError error) {
        return switch (error) { // no default: a new reason must be given an answer here
            case ClientNotAuthenticated _ -> new Refusal(401, "access_denied", "Unauthorized");
            case GrantTypeNotAllowed(String grantType) ->
                new Refusal(403, "unauthorized_client", "Grant type '" + grantType + "' not allowed for the client.");
            case AudienceMissing _ ->
                new Refusal(403, "access_denied", "Non-global clients are not allowed access to APIv1");
            case AudienceUnknown(String audience) ->
                new Refusal(403, "access_denied", "Service not enabled within domain: " + audience);
            case AudienceNotGranted(var client, var audience) ->
                new Refusal(
                        403,
                        "access_denied",
                        "Client \"%s\" is not authorized to access resource server \"%s\". You need to create a \"client-grant\" associated to this API."
                                .formatted(client, audience));
            case AudienceDemandsMore(var audience, String predicate, var _) ->
                new Refusal(403, "access_denied", "Resource server \"%s\" %s.".formatted(audience, predicate));
            case ScopeNotGranted(var missing, var _) ->
                new Refusal(
                        403,
                        "access_denied",
                        "Client has not been granted scopes: " + String.join(", ", missing.values()));
            case MalformedRequest _,
                    MalformedScope _,
                    BodyTooLong _,
                    TooManyFailures _,
                    GrantTypeMissing _,
                    GrantTypeNotSupported _,
                    RefusedByExtension _,
                    MethodNotAllowed _,
                    TemporarilyUnavailable _,
                    ServerFault _ -> common(error);
        };
    }

    private static Refusal rfc6749(OAuthError error) {
        return switch (error) { // no default: a new reason must be given an answer here
            case ClientNotAuthenticated _ -> new Refusal(401, "invalid_client", "Client authentication failed");
            case GrantTypeNotAllowed(String grantType) ->
                new Refusal(400, "unauthorized_client", "Grant type '" + grantType + "' not allowed for the client");
            case AudienceMissing _ -> new Refusal(400, "invalid_request", "Missing required parameter: audience");
            case AudienceUnknown _ -> new Refusal(400, "invalid_target", "There is no API with this audience");
            case AudienceNotGranted _ ->
                new Refusal(400, "invalid_target", "The client holds no grant for this audience");
            case AudienceDemandsMore(var _, String predicate, var _) ->
                new Refusal(400, "invalid_target", "The API " + predicate);
            case ScopeNotGranted(var missing, var _) ->
                new Refusal(400, "invalid_scope", "Not granted: " + String.join(", ", missing.values()));
            case MalformedRequest _,
                    MalformedScope _,
                    BodyTooLong _,
                    TooManyFailures _,
                    GrantTypeMissing _,
                    GrantTypeNotSupported _,
                    RefusedByExtension _,
                    MethodNotAllowed _,
                    TemporarilyUnavailable _,
                    ServerFault _ -> common(error);
        };
    }

    /** What both dialects say alike. */
    private static Refusal common(OAuthError error) {
        return switch (error) {
            case MalformedRequest(String description) -> new Refusal(400, "invalid_request", description);
            case MalformedScope _ -> new Refusal(400, "invalid_scope", "Scope must be an array or a string");
            case BodyTooLong(int most) ->
                new Refusal(413, "invalid_request", "The body is longer than " + most + " bytes");
            case TooManyFailures _ -> new Refusal(429, "too_many_requests", "Global limit has been reached");
            case GrantTypeMissing _ -> new Refusal(400, "invalid_request", "Missing required parameter: grant_type");
            case GrantTypeNotSupported _ -> new Refusal(400, "unsupported_grant_type", "Grant type not supported");
            case RefusedByExtension(var code, String description, var _) ->
                new Refusal(code.status(), code.wireName(), description);
            case MethodNotAllowed _ -> new Refusal(405, "method_not_allowed", "The token endpoint answers POST");
            case TemporarilyUnavailable _ ->
                new Refusal(503, "temporarily_unavailable", "The server cannot issue tokens now; try again");
            case ServerFault(String description) -> new Refusal(500, "server_error", description);
            case ClientNotAuthenticated _,
                    GrantTypeNotAllowed _,
                    AudienceMissing _,
                    AudienceUnknown _,
                    AudienceNotGranted _,
                    AudienceDemandsMore _,
                    ScopeNotGranted _ -> throw new IllegalArgumentException("each dialect has its own " + error);
        };
    }

    /** RFC 6749 §5.2 {@code error_uri}: cause and cure. Auth0 is known to send one with a single refusal. */
    private Optional<String> errorUri(OAuthError error) {
        return switch (dialect) {
            case AUTH0 -> error instanceof GrantTypeNotAllowed ? Optional.of(help + section(error)) : Optional.empty();
            case RFC6749 -> Optional.of(help + section(error));
        };
    }

    /** The heading in {@code docs/troubleshoot.md} under which the answer stands. */
    static String section(OAuthError error) {
        return switch (error) { // no default: a new reason must be explained there
            case MalformedRequest _, MalformedScope _, BodyTooLong _, MethodNotAllowed _ -> "the-request";
            case ClientNotAuthenticated _, TooManyFailures _ -> "who-is-asking";
            case GrantTypeMissing _, GrantTypeNotSupported _, GrantTypeNotAllowed _ -> "the-grant-type";
            case AudienceMissing _, AudienceUnknown _ -> "the-api";
            case AudienceNotGranted _ -> "the-grant";
            case AudienceDemandsMore _ -> "settings-of-the-api";
            case ScopeNotGranted _ -> "the-scope";
            case RefusedByExtension _ -> "hooks-and-actions";
            case TemporarilyUnavailable _, ServerFault _ -> "the-server";
        };
    }

    Response response(OAuthError error, @Nullable String clientId) {
        Refusal refusal = refusal(error);
        ObjectNode body = JSON.createObjectNode()
                .put("error", refusal.error())
                .put("error_description", permitted(refusal.description()));
        errorUri(error).ifPresent(uri -> body.put("error_uri", uri));
        Response response = Response.of(refusal.status(), TokenEndpoint.HEADERS, JSON.writeValueAsBytes(body))
                .about(clientId, refusal.error());
        return switch (error) {
            // RFC 6749 §5.2: a client that used the header is told which scheme to use
            case ClientNotAuthenticated(boolean byHeader, var _)
            when byHeader -> response.with("WWW-Authenticate", "Basic realm=\"token\"");
            case TooManyFailures(var retryAfter) ->
                response.with("Retry-After", Long.toString(Math.ceilDiv(retryAfter.toMillis(), 1_000)));
            case MethodNotAllowed _ -> response.with("Allow", "POST");
            case TemporarilyUnavailable _ -> response.with("Retry-After", "1");
            default -> response;
        };
    }

    /** RFC 6749 §5.2 has neither quotes nor backslashes nor anything beyond ASCII in a description; Auth0 has quotes. */
    private String permitted(String description) {
        if (dialect == ErrorDialect.AUTH0) {
            return description;
        }
        StringBuilder permitted = new StringBuilder(description.length());
        description
                .chars()
                .forEach(c -> permitted.append(c == '"' ? '\'' : c < 0x20 || c > 0x7e || c == '\\' ? '?' : (char) c));
        return permitted.toString();
    }

    /** What the engine refuses before the endpoint sees it, in the endpoint's own shape. */
    Response of(ApiError error) {
        return switch (error.status()) {
            case 413 -> response(new BodyTooLong(TokenEndpoint.MAX_BODY_BYTES), null);
            case 503 -> response(new TemporarilyUnavailable(error.message(), null), null);
            case 500 -> response(new ServerFault(error.message()), null);
            default -> response(new MalformedRequest(error.message()), null);
        };
    }
}
