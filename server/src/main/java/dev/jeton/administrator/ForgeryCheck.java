package dev.jeton.administrator;

import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import dev.jeton.oauth.Issuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Refuses what another site may have made a browser ask, which sends the cookie along. */
final class ForgeryCheck {
    private static final String HEADER = "X-CSRF-Token";
    private static final String PURPOSE = "csrf";
    /** Where browsers take plain HTTP for as good as TLS. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI issuer;

    ForgeryCheck(Issuer issuer) {
        this.issuer = URI.create(issuer.value());
    }

    /** What the page sends back in {@code X-CSRF-Token}: another site cannot read it. */
    static String token(SecretToken session) {
        return session.derive(PURPOSE);
    }

    /** Lets a request of that session pass if it changes nothing, or comes from our own page. */
    void require(Request request, SecretToken session) {
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            return;
        }
        requireOwnPage(request);
        byte[] sent = request.header(HEADER).orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(sent, token(session).getBytes(StandardCharsets.UTF_8))) {
            throw refusal("the header " + HEADER + " is missing or wrong; GET /dashboard/session gives it");
        }
    }

    /** Lets a request pass unless its browser says that another site's page made it. */
    void requireOwnPage(Request request) {
        for (String site : request.headers("Sec-Fetch-Site")) {
            if (!site.equals("same-origin")) {
                throw refusal("the page that asks is not this server's (Sec-Fetch-Site)");
            }
        }
        List<String> origins = request.headers("Origin");
        if (!origins.stream()
                .allMatch(origin -> isOurs(origin, request.header("Host").orElse("")))) {
            throw refusal("the page that asks is not this server's (Origin)");
        }
    }

    /** Whether it is the issuer's, or that of the host asked for, by TLS unless the issuer has none either. */
    private boolean isOurs(String origin, String host) {
        URI page;
        try {
            page = new URI(origin.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException _) {
            return false;
        }
        String authority = page.getRawAuthority();
        if (page.getScheme() == null || authority == null) { // "null" is one
            return false;
        }
        boolean isIssuers = page.getScheme().equals(issuer.getScheme())
                && authority.equals(issuer.getRawAuthority().toLowerCase(Locale.ROOT));
        boolean isSafe = page.getScheme().equals("https")
                || (page.getScheme().equals("http")
                        && (issuer.getScheme().equals("http") || LOOPBACK.contains(page.getHost())));
        return isIssuers || (isSafe && authority.equals(host.toLowerCase(Locale.ROOT)));
    }

    private static ApiError.ApiException refusal(String why) {
        return new ApiError(403, "Refused, as another site may have caused it: " + why, "csrf").exception();
    }
}
