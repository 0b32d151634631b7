package dev.jeton.tokenclient;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The issuer, as in {@code iss}: an https URL that ends with a slash, without user, query and fragment (RFC 8414 §2).
 */
record IssuerAddress(URI uri) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /**
     * @param plainHttpAllowed to anywhere; to this machine itself it always is
     * @throws IllegalArgumentException if it is not such a URL
     */
    static IssuerAddress of(URI issuer, boolean plainHttpAllowed) {
        String scheme = lowerCase(issuer.getScheme());
        boolean web = scheme.equals("https") || scheme.equals("http");
        if (!web
                || issuer.getHost() == null
                || issuer.getRawUserInfo() != null
                || issuer.getRawQuery() != null
                || issuer.getRawFragment() != null) {
            throw new IllegalArgumentException( // not quoted: it may hold a password
                    "an issuer is https://host[:port]/ without user, query and fragment, unlike the one given");
        }
        if (scheme.equals("http")
                && !plainHttpAllowed
                && !LOOPBACK.matcher(lowerCase(issuer.getHost())).matches()) {
            throw new IllegalArgumentException("over " + issuer + " anybody on the way could read the client secret:"
                    + " take https, or allowPlainHttp() if the network between is private");
        }
        return new IssuerAddress(issuer.getRawPath().endsWith("/") ? issuer : URI.create(issuer + "/"));
    }

    private static String lowerCase(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    /**
     * {@code <issuer>oauth/token}. Not asked for by RFC 8414 metadata: that would be one more request to fail, and
     * whoever answered it would say where the secret goes.
     */
    URI tokenEndpoint() {
        return uri.resolve("oauth/token");
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
