package dev.jeton.verifier.servlet;

import dev.jeton.verifier.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request in the name of whom its access token names. */
final class AuthenticatedRequest extends HttpServletRequestWrapper {
    private record Named(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    private final AccessToken token;
    private final Optional<Principal> principal;

    AuthenticatedRequest(HttpServletRequest request, AccessToken token) {
        super(request);
        this.token = token;
        this.principal = (token.clientActsForItself() ? token.clientId() : token.subject()).map(Named::new);
    }

    @Override
    public String getAuthType() {
        return "Bearer";
    }

    @Override
    public @Nullable String getRemoteUser() {
        return principal.map(Principal::getName).orElse(null);
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return principal.orElse(null);
    }

    @Override
    public boolean isUserInRole(String role) {
        return token.hasScope(role);
    }
}
