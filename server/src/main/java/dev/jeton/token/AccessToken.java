package dev.jeton.token;

import dev.jeton.oauth.ScopeSet;
import java.time.Duration;

/**
 * A signed access token.
 *
 * @param compact the JWS in its compact form, RFC 7515 §7.1
 */
record AccessToken(String compact, String jti, ScopeSet scope, Duration lifetime) {
    @Override
    public String toString() {
        return "AccessToken[jti=" + jti + "]";
    }
}
