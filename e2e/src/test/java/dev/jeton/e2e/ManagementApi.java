package dev.jeton.e2e;

import dev.jeton.ApiContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The token endpoint and, with the bootstrap client's token, the management API of a running server. */
public final class ManagementApi {
    /** Settings of a server on a fresh database that this class can then talk to. */
    public static final Map<String, String> BOOTSTRAP = Map.of(
            "JETON_BOOTSTRAP_CLIENT_ID", "bootstrap",
            "JETON_BOOTSTRAP_CLIENT_SECRET", "a secret for the bootstrap client");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TIMES_AGAIN = 50;
    private static final Duration BEFORE_AGAIN = Duration.ofMillis(200);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String token;

    /** A client that may ask for tokens of one API. */
    public record Job(String clientId, String secret, String grantId, String apiId, String audience) {}

    public ManagementApi(String issuer) {
        this(issuer, issuer);
    }

    /**
     * Of one server of several.
     *
     * @param base where it listens, with a slash at its end
     */
    public ManagementApi(String base, String issuer) {
        this.base = base;
        this.token = token(
                BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_ID"),
                BOOTSTRAP.get("JETON_BOOTSTRAP_CLIENT_SECRET"),
                issuer + "api/v2/");
    }

    /** The one it uses itself, whose audience is the management API. */
    public String token() {
        return token;
    }

    public String token(String clientId, String clientSecret, String audience) {
        return succeeded(() -> answer(clientId, clientSecret, audience))
                .path("access_token")
                .asString();
    }

    /** What the token endpoint answers. */
    public HttpResponse<String> answer(Job job) {
        return answer(job.clientId(), job.secret(), job.audience());
    }

    private HttpResponse<String> answer(String clientId, String clientSecret, String audience) {
        return send(
                "POST",
                "oauth/token",
                Map.of(
                        "grant_type", "client_credentials",
                        "client_id", clientId,
                        "client_secret", clientSecret,
                        "audience", audience),
                HttpRequest.newBuilder());
    }

    /** An API, a client and its grant, all of that name. */
    public Job createJob(String name) {
        String audience = "https://" + name + ".example.com";
        JsonNode api = post(
                "resource-servers", Map.of("identifier", audience, "scopes", List.of(Map.of("value", "read:" + name))));
        JsonNode client = post("clients", Map.of("name", name, "app_type", "non_interactive"));
        String clientId = client.path("client_id").asString();
        JsonNode grant = post(
                "client-grants", Map.of("client_id", clientId, "audience", audience, "scope", List.of("read:" + name)));
        return new Job(
                clientId,
                client.path("client_secret").asString(),
                grant.path("id").asString(),
                api.path("id").asString(),
                audience);
    }

    public JsonNode get(String path) {
        return succeeded(() -> call("GET", path, Map.of()));
    }

    public JsonNode post(String path, Map<String, ?> body) {
        return succeeded(() -> call("POST", path, body));
    }

    public void patch(String path, Map<String, ?> body) {
        succeeded(() -> call("PATCH", path, body));
    }

    public void delete(String path) {
        succeeded(() -> call("DELETE", path, Map.of()));
    }

    /** What the management API answers, whatever it is. */
    public HttpResponse<String> call(String method, String path, Map<String, ?> body) {
        return send(
                method, "api/v2/" + path, body, HttpRequest.newBuilder().header("Authorization", "Bearer " + token));
    }

    /** Asks again after a 503: on a busy machine a node may lose sight of its database for a moment. */
    private static JsonNode succeeded(Supplier<HttpResponse<String>> request) {
        HttpResponse<String> response = request.get();
        for (int again = 0; response.statusCode() == 503 && again < TIMES_AGAIN; again++) {
            LockSupport.parkNanos(BEFORE_AGAIN.toNanos());
            response = request.get();
        }
        if (response.statusCode() >= 300) {
            throw new AssertionError(response.request().method() + " " + response.uri() + ": " + response.statusCode()
                    + " " + response.body());
        }
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    private HttpResponse<String> send(String method, String path, Map<String, ?> body, HttpRequest.Builder request) {
        request.uri(URI.create(base + path)).timeout(PATIENCE);
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            ApiContract.check(() -> description(http, URI.create(base)), ApiContract.Exchange.of(answer));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a server says of its management API. */
    static String description(HttpClient http, URI base) {
        try {
            return http.send(
                            HttpRequest.newBuilder(base.resolve("/api/v2/openapi.json"))
                                    .timeout(PATIENCE)
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
