package dev.jeton.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The token endpoint and, with the bootstrap client's token, the management API of a running server. */
final class ManagementApi {
    /** Settings of a server on a fresh database that this class can then talk to. */
    static final Map<String, String> BOOTSTRAP = Map.of(
            "JETON_BOOTSTRAP_CLIENT_ID", "bootstrap",
            "JETON_BOOTSTRAP_CLIENT_SECRET", "a secret for the bootstrap client");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String issuer;
    private final String token;

    ManagementApi(String issuer) {
        this.issuer = issuer;
        this.token = token(
                BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_ID"),
                BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_SECRET"),
                issuer + "api/v2/");
    }

    /** The one it uses itself, whose audience is the management API. */
    String token() {
        return token;
    }

    String token(String clientId, String clientSecret, String audience) {
        return send(
                        "POST",
                        "oauth/token",
                        Map.of(
                                "grant_type", "client_credentials",
                                "client_id", clientId,
                                "client_secret", clientSecret,
                                "audience", audience),
                        HttpRequest.newBuilder())
                .path("access_token")
                .asString();
    }

    JsonNode post(String path, Map<String, ?> body) {
        return send("POST", "api/v2/" + path, body, authorized());
    }

    void patch(String path, Map<String, ?> body) {
        send("PATCH", "api/v2/" + path, body, authorized());
    }

    private HttpRequest.Builder authorized() {
        return HttpRequest.newBuilder().header("Authorization", "Bearer " + token);
    }

    private JsonNode send(String method, String path, Map<String, ?> body, HttpRequest.Builder request) {
        request.uri(URI.create(issuer + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
