package dev.jeton.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A path below the issuer in which each segment and query value is percent-encoded: an identifier is one segment. */
final class ApiPath {
    private final String encoded;

    private ApiPath(String encoded) {
        this.encoded = encoded;
    }

    /** {@code fixed} is a path as written in this program. */
    static ApiPath of(String fixed) {
        return new ApiPath(fixed);
    }

    /** Adds an id from the command line; one that would change the path's meaning is refused. */
    ApiPath segment(String id) {
        if (id.isBlank() || id.equals(".") || id.equals("..")) {
            throw Failure.usage("not an id: '" + id + "'");
        }
        return new ApiPath(encoded + "/" + encode(id));
    }

    ApiPath then(String fixed) {
        return new ApiPath(encoded + "/" + fixed);
    }

    ApiPath with(String parameter, String value) {
        return new ApiPath(encoded + (encoded.contains("?") ? "&" : "?") + parameter + "=" + encode(value));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return encoded;
    }
}
