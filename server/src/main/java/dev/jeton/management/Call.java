package dev.jeton.management;

import dev.jeton.http.Request;

/**
 * A request to the management API from a caller who may make it.
 *
 * @param stillAllowed looks again, for a change that had to wait: returns if the caller may make it even now
 */
public record Call(Request request, Caller caller, Runnable stillAllowed) {
    /** Whether the caller holds that scope, for what a route does beyond the scope that it needs. */
    public boolean may(String scope) {
        return caller.scope().contains(scope);
    }
}
