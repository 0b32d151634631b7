package dev.jeton.oauth;

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
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a token was refused, for programs: one for each {@link OAuthError}, under a name that never changes. */
public enum RefusalReason {
    METHOD_NOT_ALLOWED(Check.REQUEST),
    BODY_TOO_LONG(Check.REQUEST),
    MALFORMED_REQUEST(Check.REQUEST),
    MALFORMED_SCOPE(Check.REQUEST),
    CLIENT_NOT_AUTHENTICATED(Check.CLIENT),
    TOO_MANY_FAILURES(Check.CLIENT),
    GRANT_TYPE_MISSING(Check.GRANT_TYPE),
    GRANT_TYPE_NOT_SUPPORTED(Check.GRANT_TYPE),
    GRANT_TYPE_NOT_ALLOWED(Check.GRANT_TYPE),
    AUDIENCE_MISSING(Check.AUDIENCE),
    AUDIENCE_UNKNOWN(Check.AUDIENCE),
    AUDIENCE_NOT_GRANTED(Check.GRANT),
    AUDIENCE_DEMANDS_MORE(Check.API_SETTINGS),
    SCOPE_NOT_GRANTED(Check.SCOPE),
    REFUSED_BY_EXTENSION(Check.EXTENSION),
    TEMPORARILY_UNAVAILABLE(null),
    SERVER_FAULT(null);

    /** What is checked of a token request, in this order. */
    public enum Check {
        REQUEST,
        CLIENT,
        GRANT_TYPE,
        AUDIENCE,
        GRANT,
        API_SETTINGS,
        SCOPE,
        /** The Hook and the Actions, where there are any. */
        EXTENSION;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final @Nullable Check failed;

    RefusalReason(@Nullable Check failed) {
        this.failed = failed;
    }

    /** The check that failed: those before it had passed, those behind it were not reached. Empty if it is the server's. */
    public Optional<Check> failed() {
        return Optional.ofNullable(failed);
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for what a newer version stored. */
    public static Optional<RefusalReason> find(String wireName) {
        return Arrays.stream(values())
                .filter(reason -> reason.wireName().equals(wireName))
                .findFirst();
    }

    public static RefusalReason of(OAuthError error) {
        return switch (error) { // no default: a new error must be given a reason here
            case MethodNotAllowed _ -> METHOD_NOT_ALLOWED;
            case BodyTooLong _ -> BODY_TOO_LONG;
            case MalformedRequest _ -> MALFORMED_REQUEST;
            case MalformedScope _ -> MALFORMED_SCOPE;
            case ClientNotAuthenticated _ -> CLIENT_NOT_AUTHENTICATED;
            case TooManyFailures _ -> TOO_MANY_FAILURES;
            case GrantTypeMissing _ -> GRANT_TYPE_MISSING;
            case GrantTypeNotSupported _ -> GRANT_TYPE_NOT_SUPPORTED;
            case GrantTypeNotAllowed _ -> GRANT_TYPE_NOT_ALLOWED;
            case AudienceMissing _ -> AUDIENCE_MISSING;
            case AudienceUnknown _ -> AUDIENCE_UNKNOWN;
            case AudienceNotGranted _ -> AUDIENCE_NOT_GRANTED;
            case AudienceDemandsMore _ -> AUDIENCE_DEMANDS_MORE;
            case ScopeNotGranted _ -> SCOPE_NOT_GRANTED;
            case RefusedByExtension _ -> REFUSED_BY_EXTENSION;
            case TemporarilyUnavailable _ -> TEMPORARILY_UNAVAILABLE;
            case ServerFault _ -> SERVER_FAULT;
        };
    }
}
