package dev.jeton.oauth;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every reason for which the token endpoint refuses. What a dialect makes of it on the wire is decided elsewhere. */
public sealed interface OAuthError {
    /** The request cannot be read, RFC 6749 §5.2 {@code invalid_request}; the description names the parameter. */
    record MalformedRequest(String description) implements OAuthError {}

    /** {@code scope} is neither a string nor a list of strings. */
    record MalformedScope() implements OAuthError {}

    /** The body is longer than the endpoint reads. */
    record BodyTooLong(int mostBytes) implements OAuthError {}

    /** Neither the client nor its secret is named as the cause; {@code reason} is for the audit log only. */
    record ClientNotAuthenticated(boolean byAuthorizationHeader, String reason) implements OAuthError {}

    /** That address or client failed to authenticate too often. */
    record TooManyFailures(Duration retryAfter) implements OAuthError {}

    record GrantTypeMissing() implements OAuthError {}

    record GrantTypeNotSupported(String grantType) implements OAuthError {}

    /** The client may not use this grant. */
    record GrantTypeNotAllowed(String grantType) implements OAuthError {}

    /** The request names no audience, and there is no default. */
    record AudienceMissing() implements OAuthError {}

    record AudienceUnknown(String audience) implements OAuthError {}

    record AudienceNotGranted(ClientId client, Audience audience) implements OAuthError {}

    /**
     * The settings of the API demand what no token of this server fulfils.
     *
     * @param predicate what the API does; is said to a client with a grant
     * @param setting is for the audit record only
     */
    record AudienceDemandsMore(Audience audience, String predicate, String setting) implements OAuthError {}

    /**
     * More was asked for than is granted.
     *
     * @param granted what the client may ask for there; is for the audit record only
     */
    record ScopeNotGranted(ScopeSet missing, ScopeSet granted) implements OAuthError {}

    /** A Hook or an Action refused, or failed; {@code reason} is for the log and the audit record only. */
    record RefusedByExtension(RefusalCode code, String description, String reason) implements OAuthError {}

    /** What a Hook or an Action may answer with. */
    enum RefusalCode {
        INVALID_SCOPE(400),
        INVALID_REQUEST(400),
        SERVER_ERROR(500);

        private final int status;

        RefusalCode(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }

        /** As it stands in {@code error}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<RefusalCode> of(String wireName) {
            return Arrays.stream(values())
                    .filter(code -> code.wireName().equals(wireName))
                    .findFirst();
        }
    }

    /** RFC 9110 §15.5.6. */
    record MethodNotAllowed() implements OAuthError {}

    /** The server cannot decide or record now; {@code reason} is for the log only. */
    record TemporarilyUnavailable(String reason, @Nullable Throwable cause) implements OAuthError {}

    /** A fault of ours; the description names the request id under which the log has it. */
    record ServerFault(String description) implements OAuthError {}
}
