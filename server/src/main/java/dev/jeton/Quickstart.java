package dev.jeton;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import dev.jeton.verifier.UnverifiedJwt;
import dev.jeton.verifier.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code jeton quickstart}: what a newcomer would type, done and shown: an API, an application, the grant between them, a
 * token, its verification. All of it over HTTP, as anybody else would. A second run finds what the first made.
 */
final class Quickstart {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String API_IDENTIFIER = "https://quickstart.example.com/api";
    private static final String APPLICATION_NAME = "Quickstart job";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("alg", "how it is signed"),
            Map.entry("typ", "what it is"),
            Map.entry("kid", "which key signed it; the JWKS has the public half"),
            Map.entry("iss", "who issued it: this server"),
            Map.entry("sub", "who it is about: the application itself"),
            Map.entry("aud", "which API it is for"),
            Map.entry("iat", "issued at"),
            Map.entry("exp", "expires at"),
            Map.entry("scope", "what the application may do there"),
            Map.entry("gty", "by which grant it was had"),
            Map.entry("azp", "which application asked"),
            Map.entry("jti", "this token's own id, which the log has too"));

    private final AuthorizationServer server;
    private final PrintStream out;
    private final InstantSource clock;
    private final CliCredentials credentials;
    private final HttpClient http;

    Quickstart(Config config, AuthorizationServer server, PrintStream out, InstantSource clock) {
        this.server = server;
        this.out = out;
        this.clock = clock;
        this.credentials = CliCredentials.of(config.data().resolve("cli.json"));
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(TIMEOUT);
        server.caCertificate().map(Quickstart::trusting).ifPresent(client::sslContext);
        this.http = client.build();
    }

    void run() {
        String management = managementToken();
        boolean isNewApi = ensureApi(management);
        JsonNode application = ensureApplication(management);
        String body = JSON.createObjectNode()
                .put("grant_type", "client_credentials")
                .put("client_id", application.path("client_id").asString())
                .put("client_secret", application.path("client_secret").asString())
                .put("audience", API_IDENTIFIER)
                .toString();

        out.println();
        out.println(isNewApi ? "Made a demo API, an application and the grant between them:" : "Found from before:");
        out.println("  API          " + API_IDENTIFIER);
        out.println("  application  " + APPLICATION_NAME + " ("
                + application.path("client_id").asString() + ")");
        out.println("  grant        read:reports");
        showRequest(body);
        String token = askForToken(body);
        showToken(token);
        showNextSteps(application.path("client_id").asString());
        server.makeFirstLink().ifPresent(this::showFirstLink);
        out.println();
        out.println("Jeton is ready at " + server.issuer() + "  (Ctrl-C ends it; each request is logged below)");
        out.flush();
    }

    private void showRequest(String body) {
        out.println();
        out.println("Ask for a token:");
        out.println();
        out.println("  curl --request POST \\");
        server.caCertificate().ifPresent(ca -> out.println("    --cacert '" + ca + "' \\"));
        out.println("    --url '" + server.issuer().url("oauth/token") + "' \\");
        out.println("    --header 'content-type: application/json' \\");
        out.println("    --data '" + body + "'");
    }

    private String askForToken(String body) {
        JsonNode answer = send("POST", "oauth/token", null, body, 200);
        String token = answer.path("access_token").asString();
        out.println();
        out.println("The answer, shortened:");
        out.println();
        out.println("  {\"access_token\":\"" + token.substring(0, 12) + "…" + token.substring(token.length() - 8)
                + "\",\"scope\":\"" + answer.path("scope").asString() + "\",\"expires_in\":"
                + answer.path("expires_in").asInt() + ",\"token_type\":\""
                + answer.path("token_type").asString()
                + "\"}");
        return token;
    }

    private void showToken(String token) {
        KeySet keys = KeySet.parse(
                send("GET", ".well-known/jwks.json", null, null, 200).toString());
        Verification verification = AccessTokenVerifier.builder(
                        server.issuer().value(), API_IDENTIFIER, KeySource.of(keys))
                .clock(clock)
                .build()
                .verify(token);
        verification.orElseThrow();
        UnverifiedJwt decoded = UnverifiedJwt.parse(token);
        out.println();
        out.println("Verified with " + server.issuer().url(".well-known/jwks.json")
                + ": signature, issuer, audience and times are right. Decoded:");
        out.println();
        out.println("  header");
        decoded.header().forEach(this::showMember);
        out.println("  claims");
        decoded.claims().forEach(this::showMember);
    }

    private void showMember(String name, @Nullable Object value) {
        String shown = value instanceof Long seconds && (name.equals("iat") || name.equals("exp"))
                ? seconds + " (" + TIME.format(Instant.ofEpochSecond(seconds)) + ")"
                : "\"" + value + "\"";
        out.printf("    %-6s %-52s %s%n", name, shown, MEANINGS.getOrDefault(name, ""));
    }

    private void showNextSteps(String clientId) {
        out.println();
        out.println("Try next, in another terminal:");
        out.println("  ./jeton token --app " + clientId + " --api " + API_IDENTIFIER + " --decode");
        out.println("  ./jeton apps list");
        out.println("  ./jeton logs --follow");
        out.println("  ./jeton --help");
    }

    private void showFirstLink(String link) {
        out.println();
        out.println("Become the first administrator of the dashboard; the link works once:");
        out.println("  " + link);
    }

    private String managementToken() {
        String body = JSON.createObjectNode()
                .put("grant_type", "client_credentials")
                .put("client_id", credentials.clientId())
                .put("client_secret", credentials.clientSecret())
                .put("audience", server.issuer().systemAudience().value())
                .toString();
        return send("POST", "oauth/token", null, body, 200).path("access_token").asString();
    }

    /** Whether it had to be made. */
    private boolean ensureApi(String management) {
        String path = "api/v2/resource-servers/" + encoded(API_IDENTIFIER);
        if (find(path, management).isPresent()) {
            return false;
        }
        ObjectNode api = JSON.createObjectNode().put("name", "Quickstart API").put("identifier", API_IDENTIFIER);
        api.putArray("scopes").addObject().put("value", "read:reports").put("description", "Read reports");
        send("POST", "api/v2/resource-servers", management, api.toString(), 201);
        return true;
    }

    private JsonNode ensureApplication(String management) {
        JsonNode grants =
                send("GET", "api/v2/client-grants?audience=" + encoded(API_IDENTIFIER), management, null, 200);
        for (JsonNode grant : grants) {
            Optional<JsonNode> client =
                    find("api/v2/clients/" + grant.path("client_id").asString(), management);
            if (client.filter(this::isOurs).isPresent()) {
                return client.get();
            }
        }
        ObjectNode application = JSON.createObjectNode()
                .put("name", APPLICATION_NAME)
                .put("app_type", "non_interactive")
                .put("token_endpoint_auth_method", "client_secret_post");
        application.putArray("grant_types").add("client_credentials");
        JsonNode made = send("POST", "api/v2/clients", management, application.toString(), 201);
        ObjectNode grant = JSON.createObjectNode()
                .put("client_id", made.path("client_id").asString())
                .put("audience", API_IDENTIFIER);
        grant.putArray("scope").add("read:reports");
        send("POST", "api/v2/client-grants", management, grant.toString(), 201);
        return made;
    }

    private boolean isOurs(JsonNode client) {
        return client.path("name").asString().equals(APPLICATION_NAME) && client.has("client_secret");
    }

    private Optional<JsonNode> find(String path, String management) {
        HttpResponse<String> response = exchange("GET", path, management, null);
        return response.statusCode() == 404
                ? Optional.empty()
                : Optional.of(JSON.readTree(expect(200, path, response)));
    }

    private JsonNode send(
            String method, String path, @Nullable String management, @Nullable String body, int expected) {
        return JSON.readTree(expect(expected, path, exchange(method, path, management, body)));
    }

    private static String expect(int status, String path, HttpResponse<String> response) {
        if (response.statusCode() != status) {
            throw new ConfigException("quickstart: /" + path + " answered " + response.statusCode() + " "
                    + response.body() + "; if this data folder holds something else, choose another with --data");
        }
        return response.body();
    }

    private HttpResponse<String> exchange(
            String method, String path, @Nullable String management, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(server.issuer().url(path)))
                .timeout(TIMEOUT)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        if (management != null) {
            request.header("authorization", "Bearer " + management);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new ConfigException(
                    "quickstart: this server cannot be reached at " + server.issuer() + " (" + e.getMessage()
                            + "); start it without --issuer, or give one that leads here",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigException("quickstart: stopped", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A context that trusts this server's own certificate authority and nobody else. */
    private static SSLContext trusting(Path caCertificate) {
        try (InputStream pem = Files.newInputStream(caCertificate)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException("quickstart: " + caCertificate + " cannot be used: " + e.getMessage(), e);
        }
    }
}
