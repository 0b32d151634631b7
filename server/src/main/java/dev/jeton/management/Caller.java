package dev.jeton.management;

import dev.jeton.audit.Actor;
import dev.jeton.oauth.ScopeSet;

/**
 * Who calls the management API.
 *
 * @param scope of a client what its token and its grant of now both hold, of an administrator what the role of now gives
 */
public record Caller(Actor who, ScopeSet scope) {}
