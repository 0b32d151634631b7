package dev.jeton.verifier;

import java.util.List;
import java.util.Optional;

/**
 * Decides about a request to an API by its {@code Authorization} header, RFC 6750: either the verified token, or the
 * answer to send. Immutable; any number of threads may use one.
 *
 * <pre>{@code
 * ResourceGuard guard = ResourceGuard.of(verifier);
 * Access access = guard.check(request.headers("Authorization"), Requirement.allScopes("read:timesheets"));
 * if (access instanceof Access.Refused refused) { send(refused.refusal()); return; }
 * AccessToken token = ((Access.Granted) access).token();
 * }</pre>
 *
 * <p>Tokens in the query or the body (RFC 6750 §2.2 and §2.3) are not looked for: they end up in logs.
 */
public final class ResourceGuard {
    private final AccessTokenVerifier verifier;
    private final String realm;

    private ResourceGuard(AccessTokenVerifier verifier, String realm) {
        this.verifier = verifier;
        this.realm = realm;
    }

    /** A guard whose challenges name the realm {@code api}. */
    public static ResourceGuard of(AccessTokenVerifier verifier) {
        return new ResourceGuard(verifier, "api");
    }

    /**
     * The same guard with another realm in its challenges.
     *
     * @throws IllegalArgumentException if it holds anything but printable ASCII without quotation mark and backslash
     */
    public ResourceGuard withRealm(String realm) {
        return new ResourceGuard(verifier, Refusal.quotable(realm));
    }

    /**
     * Checks the token of one request. Waits if the verifier does.
     *
     * @param authorizationHeaders the values of all {@code Authorization} headers of the request, as received
     * @param requirement what the endpoint needs beyond a valid token
     */
    public Access check(List<String> authorizationHeaders, Requirement requirement) {
        BearerCredentials credentials = BearerCredentials.in(authorizationHeaders);
        if (credentials instanceof BearerCredentials.Malformed malformed) {
            return new Access.Refused(Refusal.invalidRequest(realm, malformed.description()));
        }
        return credentials instanceof BearerCredentials.Token token
                ? check(token.value(), requirement)
                : new Access.Refused(Refusal.missingToken(realm));
    }

    private Access check(String token, Requirement requirement) {
        Verification verification = verifier.verify(token);
        if (verification instanceof Verification.Rejected rejected) {
            return new Access.Refused(Refusal.invalidToken(realm, rejected.reason()));
        }
        if (verification instanceof Verification.Undecided undecided) {
            return new Access.Refused(Refusal.unavailable(undecided.cause().retryAfter()));
        }
        AccessToken verified = ((Verification.Verified) verification).token();
        Optional<Requirement.Shortfall> shortfall = requirement.shortfallOf(verified);
        return shortfall.isPresent()
                ? new Access.Refused(Refusal.insufficientScope(realm, shortfall.get()))
                : new Access.Granted(verified);
    }
}
