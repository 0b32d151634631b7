package dev.jeton;

import dev.jeton.config.ConfigReader;
import dev.jeton.storage.Database;
import dev.jeton.storage.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real server on a free port of loopback, with SQLite in a temporary folder, a clock that stands still and seeded
 * randomness; and a client for it.
 */
public final class TestServer implements AutoCloseable {
    public static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Path folder;
    private final boolean ownsFolder;
    private final AuthorizationServer server;
    private final MutableClock clock;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable String managementToken;

    private TestServer(Path folder, boolean ownsFolder, Map<String, String> settings, MutableClock clock) {
        this.folder = folder;
        this.ownsFolder = ownsFolder;
        this.clock = clock;
        Map<String, String> environment = new HashMap<>(Map.of(
                "JETON_DATA", folder.toString(),
                "JETON_PORT", "0",
                "JETON_EVENT_LOOPS", "1",
                "JETON_AUDIT_COMMIT_INTERVAL", "1ms"));
        environment.putAll(settings);
        this.server = AuthorizationServer.start(
                ConfigReader.read(new String[0], environment), new Sources(clock, new SeededRandom(1), environment));
    }

    /** A fresh server with the defaults. */
    public static TestServer start() {
        return start(Map.of());
    }

    /** A fresh server with these environment variables. */
    public static TestServer start(Map<String, String> settings) {
        try {
            return new TestServer(Files.createTempDirectory("jeton-test"), true, settings, new MutableClock(START));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A fresh server with the defaults on such a database. */
    public static TestServer start(Database.Dialect dialect) {
        return start(settings(dialect));
    }

    /** What a server needs for a fresh database of that kind. */
    public static Map<String, String> settings(Database.Dialect dialect) {
        return switch (dialect) {
            case SQLITE -> Map.of();
            case POSTGRESQL -> {
                Database.PostgreSql database = TestPostgres.freshDatabase();
                yield Map.of(
                        "JETON_DB_URL",
                        database.url(),
                        "JETON_DB_USER",
                        Optional.ofNullable(database.user()).orElseThrow(),
                        "JETON_DB_PASSWORD",
                        Optional.ofNullable(database.password()).orElseThrow(),
                        "JETON_MASTER_KEY",
                        Base64.getEncoder().encodeToString(new byte[32]));
            }
        };
    }

    /** A server on a data folder that somebody else removes. */
    public static TestServer startOn(Path folder, Map<String, String> settings, MutableClock clock) {
        return new TestServer(folder, false, settings, clock);
    }

    public Path folder() {
        return folder;
    }

    public MutableClock clock() {
        return clock;
    }

    public AuthorizationServer server() {
        return server;
    }

    /** Ends with a slash. */
    public String issuer() {
        return server.issuer().value();
    }

    public int port() {
        return URI.create(issuer()).getPort();
    }

    public HttpResponse<String> get(String path) {
        return exchange(request(path).GET());
    }

    /** Asks the token endpoint with a JSON body. */
    public HttpResponse<String> token(Map<String, ?> body) {
        return exchange(request("oauth/token")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    /** Asks for a token with all that the client is granted; {@code client} as {@link #createClient} gives it. */
    public HttpResponse<String> token(JsonNode client, String audience) {
        return token(Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                client.path("client_id").asString(),
                "client_secret",
                client.path("client_secret").asString(),
                "audience",
                audience));
    }

    /** Calls the management API as the command line's client does, with every scope. */
    public HttpResponse<String> manage(String method, String path, @Nullable Object body) {
        return manage(managementToken(), method, path, body);
    }

    public HttpResponse<String> manage(String token, String method, String path, @Nullable Object body) {
        HttpRequest.Builder request = request("api/v2/" + path)
                .header("authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(
                                        body instanceof String text ? text : JSON.writeValueAsString(body)));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        return exchange(request);
    }

    /** The same, for when it must succeed. */
    public JsonNode managed(String method, String path, @Nullable Object body) {
        HttpResponse<String> response = manage(method, path, body);
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(
                    method + " " + path + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    public synchronized String managementToken() {
        if (managementToken == null) {
            CliCredentials credentials = CliCredentials.of(folder.resolve("cli.json"));
            HttpResponse<String> response = token(Map.of(
                    "grant_type",
                    "client_credentials",
                    "client_id",
                    credentials.clientId(),
                    "client_secret",
                    credentials.clientSecret(),
                    "audience",
                    issuer() + "api/v2/"));
            managementToken =
                    JSON.readTree(response.body()).path("access_token").asString();
        }
        return managementToken;
    }

    /** An API with these scopes, all other settings by default or from {@code more}. */
    public JsonNode createApi(String identifier, List<String> scopes, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("identifier", identifier);
        body.put("scopes", scopes.stream().map(value -> Map.of("value", value)).toList());
        return managed("POST", "resource-servers", body);
    }

    /** A machine-to-machine client; its answer holds {@code client_id} and {@code client_secret}. */
    public JsonNode createClient(String name, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(
                Map.of("name", name, "app_type", "non_interactive", "grant_types", List.of("client_credentials")));
        body.putAll(more);
        return managed("POST", "clients", body);
    }

    public JsonNode createGrant(String clientId, String audience, List<String> scope) {
        return managed("POST", "client-grants", Map.of("client_id", clientId, "audience", audience, "scope", scope));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(issuer() + path)).timeout(TIMEOUT);
    }

    public HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            ApiContract.check(this::description, ApiContract.Exchange.of(answer));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String description() {
        try {
            return http.send(request("api/v2/openapi.json").build(), BodyHandlers.ofString())
                    .body();
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
        if (ownsFolder) {
            deleteFolder();
        }
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
