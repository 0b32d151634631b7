package dev.jeton.management;

import dev.jeton.http.Request;

/** A request to the management API from a caller who may make it. */
public record Call(Request request, Caller caller) {
    /** Whether the caller holds that scope, for what a route does beyond the scope that it needs. */
    public boolean may(String scope) {
        return caller.scope().contains(scope);
    }
}
