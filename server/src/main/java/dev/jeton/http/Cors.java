package dev.jeton.http;

import java.util.Optional;
import java.util.Set;

/** Which web origins a browser may show an answer to: the WHATWG Fetch standard's CORS protocol, without credentials. */
public final class Cors {
    private static final String PREFLIGHT_SECONDS = "600";

    private final Set<String> origins;

    /** @param origins such as {@code https://app.example.com}; {@code *} for any; empty for none */
    public Cors(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** The answer to a preflight, for an origin that may ask; otherwise 204 without any permission. */
    public Response preflight(Request request, String methods) {
        Response answer = allow(request, Response.empty(204));
        return answer.header("Access-Control-Allow-Origin").isEmpty()
                ? answer
                : answer.with("Access-Control-Allow-Methods", methods)
                        .with("Access-Control-Allow-Headers", "authorization, content-type, auth0-client")
                        .with("Access-Control-Max-Age", PREFLIGHT_SECONDS);
    }

    /** The same answer, with the permission to show it to the asking origin if it has one. */
    public Response allow(Request request, Response response) {
        if (origins.isEmpty()) {
            return response;
        }
        Optional<String> origin = request.header("Origin");
        if (origin.isEmpty()) {
            return response.with("Vary", "Origin");
        }
        if (origins.contains("*")) {
            return response.with("Access-Control-Allow-Origin", "*");
        }
        return origins.contains(origin.get())
                ? response.with("Access-Control-Allow-Origin", origin.get()).with("Vary", "Origin")
                : response.with("Vary", "Origin");
    }
}
