package dev.jeton;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client with some scopes of the management API and a token that holds them. */
public record Operator(TestServer server, String clientId, String clientSecret, String grantId, String token) {
    public static Operator with(TestServer server, String... scopes) {
        JsonNode client = server.createClient("Operator", Map.of());
        String id = client.path("client_id").asString();
        String secret = client.path("client_secret").asString();
        JsonNode grant = server.createGrant(id, server.issuer() + "api/v2/", List.of(scopes));
        String token =
                Answers.json(ask(server, id, secret)).path("access_token").asString();
        return new Operator(server, id, secret, grant.path("id").asString(), token);
    }

    /** Asks for a token for the management API. */
    public static HttpResponse<String> ask(TestServer server, String clientId, String clientSecret) {
        return ask(server, clientId, clientSecret, server.issuer() + "api/v2/");
    }

    public static HttpResponse<String> ask(TestServer server, String clientId, String clientSecret, String audience) {
        return server.token(Map.of(
                "grant_type", "client_credentials",
                "client_id", clientId,
                "client_secret", clientSecret,
                "audience", audience));
    }

    public HttpResponse<String> call(String method, String path, @Nullable Object body) {
        return server.manage(token, method, path, body);
    }
}
