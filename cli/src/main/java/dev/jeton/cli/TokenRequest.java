package dev.jeton.cli;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request for an access token by client credentials, RFC 6749 §4.4.2.
 *
 * @param scope empty for all that is granted
 */
record TokenRequest(
        String clientId, Secret secret, Authentication authentication, String audience, List<String> scope) {

    /** How the secret travels, RFC 6749 §2.3.1. */
    enum Authentication {
        POST("client_secret_post"),
        BASIC("client_secret_basic");

        private final String wireName;

        Authentication(String wireName) {
            this.wireName = wireName;
        }

        /** The method by the name in a client's {@code token_endpoint_auth_method}; what is not Basic is post. */
        static Authentication named(String name) {
            return name.equals(BASIC.wireName) ? BASIC : POST;
        }

        /** The method that somebody asks for. */
        static Authentication given(String name) {
            return Stream.of(values())
                    .filter(method -> method.wireName.equals(name))
                    .findFirst()
                    .orElseThrow(() -> Failure.usage(
                            "--auth-method is client_secret_post or client_secret_basic, not '" + name + "'"));
        }
    }

    Answer send(String goal, JetonServer server) {
        ObjectNode body = Json.object()
                .put("grant_type", "client_credentials")
                .put("client_id", clientId)
                .put("audience", audience);
        if (!scope.isEmpty()) {
            body.put("scope", String.join(" ", scope));
        }
        HttpRequest.Builder request =
                server.request(ApiPath.of("oauth/token")).header("Content-Type", "application/json");
        switch (authentication) {
            case POST -> body.put("client_secret", secret.reveal());
            case BASIC -> request.header("Authorization", "Basic " + basic());
        }
        return server.send(goal, request.POST(JetonServer.json(body)).build());
    }

    private String basic() {
        String pair = form(clientId) + ":" + form(secret.reveal());
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
