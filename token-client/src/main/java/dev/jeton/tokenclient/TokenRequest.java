package dev.jeton.tokenclient;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request for an access token by client credentials, RFC 6749 §4.4.2, as a form; with {@code audience}, which is not
 * in the RFC.
 *
 * @param scope values separated by spaces; empty for all that is granted
 */
record TokenRequest(
        String clientId,
        ClientSecret secret,
        ClientAuthentication authentication,
        String audience,
        Optional<String> scope) {

    HttpRequest to(URI tokenEndpoint) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("audience", audience);
        scope.ifPresent(values -> form.put("scope", values));
        HttpRequest.Builder request = HttpRequest.newBuilder(tokenEndpoint)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded");
        switch (authentication) {
            case CLIENT_SECRET_POST -> {
                form.put("client_id", clientId);
                form.put("client_secret", secret.reveal());
            }
            case CLIENT_SECRET_BASIC -> request.header("Authorization", "Basic " + basic());
        }
        return request.POST(HttpRequest.BodyPublishers.ofString(encoded(form))).build();
    }

    private String basic() {
        String pair = encoded(clientId) + ":" + encoded(secret.reveal());
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
