package dev.jeton.verifier.spring;

import dev.jeton.verifier.InvalidTokenException;
import dev.jeton.verifier.KeysUnavailableException;
import dev.jeton.verifier.Refusal;
import dev.jeton.verifier.Requirement.Shortfall;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenErrorCodes;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** Where Spring Security's exceptions become the answers of RFC 6750 that {@link Refusal} has. */
final class BearerAnswers implements AuthenticationEntryPoint, AccessDeniedHandler {
    private static final System.Logger LOG = System.getLogger(BearerAnswers.class.getName());

    private static final String REALM = "api";

    /** No token, or one that was not accepted. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
            throws IOException {
        send(response, refusalOf(exception));
    }

    /** A token that was accepted, and is not enough. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        send(response, Refusal.insufficientScope(REALM, shortfallOf(denied)));
    }

    private static Refusal refusalOf(AuthenticationException exception) {
        Optional<InvalidTokenException> refused = cause(exception, InvalidTokenException.class);
        if (refused.isPresent()) {
            return Refusal.invalidToken(REALM, refused.get().rejection());
        }
        Optional<KeysUnavailableException> unavailable = cause(exception, KeysUnavailableException.class);
        if (unavailable.isPresent()) { // the verifier has logged why
            return Refusal.unavailable(unavailable.get().retryAfter());
        }
        if (exception instanceof AuthenticationServiceException) {
            LOG.log(System.Logger.Level.ERROR, "An access token could not be checked", exception);
            return Refusal.unavailable(Duration.ofSeconds(1));
        }
        if (exception instanceof OAuth2AuthenticationException oauth2) {
            String description = oauth2.getError().getDescription();
            return BearerTokenErrorCodes.INVALID_REQUEST.equals(
                                    oauth2.getError().getErrorCode())
                            && description != null
                    ? Refusal.invalidRequest(REALM, description)
                    : Refusal.invalidToken(REALM, "The token was not accepted.");
        }
        return Refusal.missingToken(REALM);
    }

    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    private static Shortfall shortfallOf(AccessDeniedException denied) {
        List<String> needed = denied instanceof AuthorizationDeniedException authorization
                        && authorization.getAuthorizationResult() instanceof AuthorityAuthorizationDecision decision
                ? decision.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .toList()
                : List.of();
        List<String> scopes = needed.stream()
                .filter(authority -> authority.startsWith(JetonAuthorities.SCOPE))
                .map(authority -> authority.substring(JetonAuthorities.SCOPE.length()))
                .toList();
        if (!scopes.isEmpty()) {
            return new Shortfall("The token lacks a scope that this request needs.", scopes);
        }
        return needed.stream().anyMatch(authority -> authority.startsWith(JetonAuthorities.PERMISSION))
                ? new Shortfall("The token lacks a permission that this request needs.", List.of())
                : new Shortfall("The token does not allow this request.", List.of());
    }

    private static void send(HttpServletResponse response, Refusal refusal) throws IOException {
        response.setStatus(refusal.status());
        refusal.headers().forEach(response::setHeader);
        response.getOutputStream().write(refusal.body().getBytes(StandardCharsets.UTF_8));
    }
}
