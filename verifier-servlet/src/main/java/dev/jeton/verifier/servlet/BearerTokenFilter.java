package dev.jeton.verifier.servlet;

import dev.jeton.verifier.Access;
import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.Refusal;
import dev.jeton.verifier.Rejection;
import dev.jeton.verifier.Requirement;
import dev.jeton.verifier.ResourceGuard;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Lets a request through to the servlets behind it if its {@code Authorization} header holds an access token that is
 * valid and meets the requirement, and otherwise answers it by RFC 6750 §3, as {@link ResourceGuard} decides.
 *
 * <pre>{@code
 * FilterRegistration.Dynamic filter =
 *         context.addFilter("bearer", BearerTokenFilter.of(guard, Requirement.allScopes("read:timesheets")));
 * filter.addMappingForUrlPatterns(null, false, "/timesheets/*");
 * filter.setAsyncSupported(true); // only if servlets behind it are asynchronous
 * }</pre>
 *
 * <p>Servlets read the token with {@link #token}. For code that asks the request itself,
 *
 * <ul>
 *   <li>{@link HttpServletRequest#getUserPrincipal} and {@link HttpServletRequest#getRemoteUser} name the client id if
 *       the client acts for itself, otherwise the token's subject; null if it has none;
 *   <li>{@link HttpServletRequest#isUserInRole} tells whether the token has the scope of that name;
 *   <li>{@link HttpServletRequest#getAuthType} is {@code Bearer}.
 * </ul>
 *
 * <p>Security constraints of {@code web.xml} and {@code @ServletSecurity} are of no use along with it: containers apply
 * them before any filter.
 *
 * <p>Every method needs a token, {@code OPTIONS} too. The preflight request of a browser (CORS) has none: a filter that
 * answers it belongs in front of this one, and then adds its headers to refusals as well.
 *
 * <p>A forward, an async dispatch or an error dispatch runs the filter again only if it is mapped to that
 * {@link jakarta.servlet.DispatcherType}. It then asks its own requirement, but does not verify a token anew that the
 * same guard has verified for the same request: what was begun with a valid token does not fail because the token has
 * expired since. Containers dispatch errors, and often async requests, with the original request: where the filter is
 * not mapped to that, {@link #token} works on and the principal is missing.
 *
 * <p>Body and parameters are not read. A refusal that cannot be sent, as the response is already committed, is an
 * {@link IllegalStateException}; nothing behind the filter runs then either. The container's thread waits while the
 * issuer's keys are fetched, within the bounds of {@link dev.jeton.verifier.IssuerKeys}. The code of a refusal is logged
 * at {@code DEBUG} to the {@link System.Logger} of this class's name, the token never.
 */
public final class BearerTokenFilter implements Filter {
    private static final System.Logger LOG = System.getLogger(BearerTokenFilter.class.getName());
    private static final String ATTRIBUTE = BearerTokenFilter.class.getName() + ".verified";

    /** The value of the request attribute; a type that only this class makes, so that nothing else passes for it. */
    private record Verified(ResourceGuard guard, AccessToken token) {}

    private final ResourceGuard guard;
    private final Function<HttpServletRequest, Requirement> requirements;

    private BearerTokenFilter(ResourceGuard guard, Function<HttpServletRequest, Requirement> requirements) {
        this.guard = guard;
        this.requirements = requirements;
    }

    /** A filter that needs the same of every request. */
    public static BearerTokenFilter of(ResourceGuard guard, Requirement requirement) {
        return new BearerTokenFilter(guard, request -> requirement);
    }

    /**
     * A filter for paths where not every request needs the same.
     *
     * <pre>{@code
     * BearerTokenFilter.perRequest(guard, request -> switch (request.getMethod()) {
     *     case "GET", "HEAD" -> Requirement.allScopes("read:timesheets");
     *     default -> Requirement.allScopes("create:timesheets");
     * })
     * }</pre>
     *
     * @param requirements called before the token is verified: what it looks at comes from anybody. It must not read
     *     the parameters if a servlet is to read the body.
     */
    public static BearerTokenFilter perRequest(
            ResourceGuard guard, Function<HttpServletRequest, Requirement> requirements) {
        return new BearerTokenFilter(guard, requirements);
    }

    /**
     * The token that let this request through.
     *
     * @throws IllegalStateException if no filter of this class has
     */
    public static AccessToken token(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Verified verified) {
            return verified.token();
        }
        throw new IllegalStateException("No BearerTokenFilter has let this request through; map one to its path");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        Access access = check(http);
        if (access instanceof Access.Refused refused) {
            send(refused.refusal(), (HttpServletResponse) response);
            return;
        }
        AccessToken token = ((Access.Granted) access).token();
        request.setAttribute(ATTRIBUTE, new Verified(guard, token));
        chain.doFilter(new AuthenticatedRequest(http, token), response);
    }

    private Access check(HttpServletRequest request) {
        Requirement requirement = requirements.apply(request);
        if (request.getAttribute(ATTRIBUTE) instanceof Verified verified
                && verified.guard() == guard
                && requirement.shortfallOf(verified.token()).isEmpty()) {
            return new Access.Granted(verified.token());
        }
        List<String> authorization = Collections.list(request.getHeaders("Authorization"));
        return guard.check(authorization, requirement);
    }

    private static void send(Refusal refusal, HttpServletResponse response) throws IOException {
        LOG.log(
                System.Logger.Level.DEBUG,
                "Refused with {0} {1}",
                refusal.status(),
                refusal.rejection().map(Rejection::code).orElse(refusal.error()));
        response.resetBuffer(); // the headers stay: those of CORS have to be in front of a refusal, too
        response.setStatus(refusal.status());
        refusal.headers().forEach(response::setHeader);
        response.getOutputStream().write(refusal.body().getBytes(StandardCharsets.UTF_8));
    }
}
