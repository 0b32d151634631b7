package dev.jeton;

import dev.jeton.config.ConfigReader;
import dev.jeton.storage.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One of several servers of an issuer, on a PostgreSQL database that they share; and a client for it. */
final class ServerNode implements AutoCloseable {
    static final String ISSUER = "https://login.example.com/";
    static final String ADMINISTRATOR = "bootstrap";

    private static final String ADMINISTRATOR_SECRET = "bootstrap-secret";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** A client that may ask for tokens of one API. */
    record Job(String clientId, String secret, String grantId, String apiId, String audience) {}

    private final AuthorizationServer server;
    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Starts with the clock and the randomness of a server in earnest. */
    ServerNode(Path folder, Database.PostgreSql database) {
        this(folder, database, Map.of());
    }

    ServerNode(Path folder, Database.PostgreSql database, Map<String, String> settings) {
        int port = freePort();
        Map<String, String> environment = new HashMap<>(Map.of(
                "JETON_DATA",
                folder.toString(),
                "JETON_PORT",
                Integer.toString(port),
                "JETON_ISSUER",
                ISSUER,
                "JETON_DB_URL",
                database.url(),
                "JETON_DB_USER",
                Optional.ofNullable(database.user()).orElseThrow(),
                "JETON_DB_PASSWORD",
                Optional.ofNullable(database.password()).orElseThrow(),
                "JETON_MASTER_KEY",
                Base64.getEncoder().encodeToString(new byte[32]),
                "JETON_BOOTSTRAP_CLIENT_ID",
                ADMINISTRATOR,
                "JETON_BOOTSTRAP_CLIENT_SECRET",
                ADMINISTRATOR_SECRET));
        environment.put("JETON_EVENT_LOOPS", "1");
        environment.putAll(settings);
        this.server = AuthorizationServer.start(
                ConfigReader.read(new String[0], environment),
                new Sources(InstantSource.system(), new SecureRandom(), environment));
        this.base = URI.create("http://127.0.0.1:" + port + "/");
    }

    /** Free now; the issuer is given, so the server does not tell which port it took. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return exchange(request(path).GET());
    }

    HttpResponse<String> token(String clientId, String secret, String audience) {
        return exchange(request("oauth/token")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        clientId,
                        "client_secret",
                        secret,
                        "audience",
                        audience)))));
    }

    HttpResponse<String> token(Job job) {
        return token(job.clientId(), job.secret(), job.audience());
    }

    /** A management token with every scope. */
    String administratorToken() {
        HttpResponse<String> response = token(ADMINISTRATOR, ADMINISTRATOR_SECRET, ISSUER + "api/v2/");
        if (response.statusCode() != 200) {
            throw new AssertionError("no management token: " + response.body());
        }
        return accessToken(response);
    }

    static String accessToken(HttpResponse<String> response) {
        return JSON.readTree(response.body()).path("access_token").asString();
    }

    HttpResponse<String> manage(String token, String method, String path, @Nullable Object body) {
        HttpRequest.Builder request = request("api/v2/" + path)
                .header("authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        return exchange(body == null ? request : request.header("content-type", "application/json"));
    }

    /** The same with every scope, for when it must succeed. */
    JsonNode managed(String method, String path, @Nullable Object body) {
        HttpResponse<String> response = manage(administratorToken(), method, path, body);
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(
                    method + " " + path + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    /** An API, a client and its grant, all of that name. */
    Job createJob(String name) {
        String audience = "https://" + name + ".example.com";
        JsonNode api = managed(
                "POST",
                "resource-servers",
                Map.of("identifier", audience, "scopes", List.of(Map.of("value", "read:" + name))));
        JsonNode client = managed(
                "POST",
                "clients",
                Map.of("name", name, "app_type", "non_interactive", "grant_types", List.of("client_credentials")));
        String clientId = client.path("client_id").asString();
        JsonNode grant = managed(
                "POST",
                "client-grants",
                Map.of("client_id", clientId, "audience", audience, "scope", List.of("read:" + name)));
        return new Job(
                clientId,
                client.path("client_secret").asString(),
                grant.path("id").asString(),
                api.path("id").asString(),
                audience);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve("/" + path)).timeout(TIMEOUT);
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            ApiContract.check(() -> get("api/v2/openapi.json").body(), ApiContract.Exchange.of(answer));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }
}
