package dev.jeton.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the server is.
 *
 * @param issuer its public base URL, which ends with a slash and is the {@code iss} of its tokens
 * @param ca PEM file with the only certificates to trust; empty for those the JDK trusts
 */
record ServerAddress(URI issuer, Optional<Path> ca) {

    static ServerAddress of(String url, Optional<Path> ca) {
        URI uri;
        try {
            uri = new URI(url.endsWith("/") ? url : url + "/");
        } catch (URISyntaxException _) {
            throw Failure.usage("not a URL: " + url);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw Failure.usage("the server's URL starts with https:// or http://, unlike " + url);
        }
        if (uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw Failure.usage("the server's URL is https://host[:port]/, unlike " + url);
        }
        return new ServerAddress(uri, ca);
    }

    /** A place below the issuer; {@code path} is already percent-encoded and does not start with a slash. */
    URI at(String path) {
        return URI.create(issuer + path);
    }

    /** The identifier of the management API. */
    String managementAudience() {
        return issuer + "api/v2/";
    }

    /** Whether what is sent there can be read on the way: plain HTTP that leaves this machine. */
    boolean isExposed() {
        return "http".equalsIgnoreCase(issuer.getScheme())
                && !issuer.getHost().matches("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    }
}
