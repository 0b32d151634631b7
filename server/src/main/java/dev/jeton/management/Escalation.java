package dev.jeton.management;

import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import java.util.function.Function;

/**
 * Keeps callers from getting more of the system API than they hold: neither by giving it to a client, nor by the secret
 * of a client that has it. What counts as held is the caller's token and grant together, so that a narrowed token cannot
 * widen itself.
 */
public final class Escalation {
    private final Function<ClientId, ScopeSet> granted;

    /**
     * @param granted what a client is granted of the system API, even if it may not ask for it now: its grant types are
     *     given back more easily than a grant
     */
    public Escalation(Function<ClientId, ScopeSet> granted) {
        this.granted = granted;
    }

    /** Refuses to give scopes of the system API that the caller does not hold. */
    public static void requireHeld(Call call, ScopeSet given) {
        ScopeSet lacking = given.without(call.caller().scope());
        if (!lacking.isEmpty()) {
            throw refusal("You may grant only scopes of the Management API that your own token holds; it lacks: "
                    + String.join(", ", lacking.values()));
        }
    }

    /** Whether that client's secret would give the caller no more of the system API than it has. */
    public boolean mayKnowSecretOf(Call call, ClientId client) {
        return lacking(call, client).isEmpty();
    }

    /** Refuses to set or renew the secret of a client that may do more at the system API than the caller. */
    public void requireMayKnowSecretOf(Call call, ClientId client) {
        ScopeSet lacking = lacking(call, client);
        if (!lacking.isEmpty()) {
            throw refusal("This client holds scopes of the Management API that your own token lacks, so its secret is"
                    + " not yours to change: " + String.join(", ", lacking.values()));
        }
    }

    /**
     * Refuses an administrator who would change or delete a client that may do more at the system API than he: an owner's
     * tools are not an editor's. Clients with such a scope may, as at Auth0.
     */
    public void requireMayChange(Call call, ClientId client) {
        ScopeSet lacking = lacking(call, client);
        if (call.caller().who() instanceof Actor.OfAdministrator && !lacking.isEmpty()) {
            throw refusal("This client holds scopes of the Management API that your role lacks, so it is not yours to"
                    + " change: " + String.join(", ", lacking.values()));
        }
    }

    /**
     * Refuses an administrator who would narrow or delete such a client's grant for the system API, likewise.
     *
     * @param granted what the grant gives of the system API
     */
    public static void requireMayTake(Call call, ScopeSet granted) {
        ScopeSet lacking = granted.without(call.caller().scope());
        if (call.caller().who() instanceof Actor.OfAdministrator && !lacking.isEmpty()) {
            throw refusal("This grant gives scopes of the Management API that your role lacks, so it is not yours to"
                    + " change: " + String.join(", ", lacking.values()));
        }
    }

    private ScopeSet lacking(Call call, ClientId client) {
        return granted.apply(client).without(call.caller().scope());
    }

    private static ApiError.ApiException refusal(String message) {
        return new ApiError(403, message, "insufficient_scope").exception();
    }
}
