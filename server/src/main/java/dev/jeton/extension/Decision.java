package dev.jeton.extension;

import dev.jeton.oauth.ScopeSet;
import java.util.Map;

/**
 * What a token gets after the Hook.
 *
 * @param claims custom claims that {@link CustomClaims} lets pass, each as JSON text, in the order of the Hook
 */
public record Decision(ScopeSet scope, Map<String, String> claims) {}
