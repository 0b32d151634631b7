package dev.jeton.management;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;

/** The client behind a management token; {@code scope} is what its token and its grant of now both hold. */
public record Caller(ClientId client, String name, ScopeSet scope) {}
