package dev.jeton.oauth;

import java.net.URI;
import java.net.URISyntaxException;

/** The server's public base URL as it stands in {@code iss}: http or https, no query or fragment, ends with a slash. */
public record Issuer(String value) {
    public Issuer {
        if (!value.endsWith("/")) {
            throw new IllegalArgumentException("an issuer ends with a slash");
        }
    }

    /**
     * Reads a base URL with or without its closing slash.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static Issuer of(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "'" + url + "' is not a base URL such as https://login.example.com: no query, no fragment");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + url + "' is not a URL: " + e.getReason(), e);
        }
        return new Issuer(url.endsWith("/") ? url : url + "/");
    }

    /** The URL of a path on this server; {@code path} does not begin with a slash. */
    public String url(String path) {
        return value + path;
    }

    public String host() {
        return URI.create(value).getHost();
    }

    /** The identifier of the system API: computed, so that a new port or domain locks nobody out. */
    public Audience systemAudience() {
        return new Audience(url("api/v2/"));
    }

    @Override
    public String toString() {
        return value;
    }
}
