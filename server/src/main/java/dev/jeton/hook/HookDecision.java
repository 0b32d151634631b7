package dev.jeton.hook;

import dev.jeton.oauth.ScopeSet;
import java.util.Map;

/**
 * What a token gets after the Hook.
 *
 * @param claims custom claims that {@link CustomClaims} lets pass, each as JSON text, in the order of the Hook
 */
public record HookDecision(ScopeSet scope, Map<String, String> claims) {}
