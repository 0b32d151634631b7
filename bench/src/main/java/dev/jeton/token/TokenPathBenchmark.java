package dev.jeton.token;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.jeton.audit.AuditLog;
import dev.jeton.audit.AuditSettings;
import dev.jeton.client.Client;
import dev.jeton.client.Client.AuthMethod;
import dev.jeton.client.ClientAuthenticator;
import dev.jeton.client.ClientSecret;
import dev.jeton.client.ClientStore;
import dev.jeton.client.Clients;
import dev.jeton.clientgrant.ClientGrant;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.clientgrant.ClientGrants;
import dev.jeton.config.Config;
import dev.jeton.extension.ConsoleLog;
import dev.jeton.extension.ConsoleStore;
import dev.jeton.extension.CredentialsExchange;
import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServerStore;
import dev.jeton.resourceserver.ResourceServers;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.KeyGenerator;
import dev.jeton.signingkey.KeyRing;
import dev.jeton.signingkey.KeyRotation;
import dev.jeton.signingkey.KeyType;
import dev.jeton.signingkey.Signer;
import dev.jeton.signingkey.SigningKeyStore;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.Migrations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The path of a token request without HTTP, on a real registry in a temporary folder; microseconds a token. */
@NullUnmarked // JMH fills the state
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders"
        })
public class TokenPathBenchmark {
    private static final int IN_FLIGHT = 64;
    private static final String AUDIENCE = "https://api.example.com/timesheets";
    private static final ClientId CLIENT = new ClientId("bench000000000000000000000000000");
    private static final String SECRET = "s".repeat(64);

    @Param({"RS256", "ES256", "EDDSA"})
    public SigningAlgorithm algorithm;

    private final InstantSource clock = InstantSource.system();
    private final List<CompletionStage<Response>> waiting = new ArrayList<>(IN_FLIGHT);
    private Path folder;
    private Database database;
    private ChangeFeed changes;
    private AuditLog auditLog;
    private ClientAuthenticator authenticator;
    private ClientCredentialsGrant grant;
    private AccessTokenIssuer issuer;
    private ConsoleLog console;
    private CredentialsExchange exchange;
    private Handler endpoint;
    private Signer signer;
    private Request request;
    private byte[] signingInput;

    @Setup(Level.Trial)
    public void start() throws IOException {
        AmazonCorrettoCryptoProvider.install();
        folder = Files.createTempDirectory("jeton-jmh");
        database = Database.sqlite(folder.resolve("jeton.db"), 4);
        Migrations.run(database);
        SecureRandom random = new SecureRandom();
        Identifiers identifiers = new Identifiers(random);
        Issuer issuerUrl = Issuer.of("http://127.0.0.1:8080");
        Encryption encryption = Encryption.open(database, new byte[Encryption.MASTER_KEY_BYTES], random);
        changes = new ChangeFeed(database, clock);
        ClientStore clientStore = new ClientStore(database, encryption, changes, true);
        ResourceServerStore resourceServerStore = new ResourceServerStore(database, encryption, changes, issuerUrl);
        ClientGrantStore clientGrantStore = new ClientGrantStore(database, changes);
        SigningKeyStore keyStore = new SigningKeyStore(database, encryption, changes);
        KeyRotation rotation = new KeyRotation(
                keyStore,
                new KeyGenerator(identifiers, random, issuerUrl),
                clock,
                Duration.ofHours(1),
                ResourceServer.MAX_TOKEN_LIFETIME);
        Instant now = clock.instant();
        database.change(handle -> {
            rotation.ensure(handle, KeyType.of(algorithm).orElseThrow());
            clientStore.insert(handle, client(now), new ClientSecret(SECRET));
            ResourceServer api = api(identifiers.resourceServerId(now), now);
            resourceServerStore.insert(handle, api);
            clientGrantStore.insert(
                    handle,
                    new ClientGrant(
                            identifiers.clientGrantId(),
                            Optional.of(CLIENT),
                            api.id(),
                            Optional.of(ScopeSet.parse("read:timesheets create:timesheets")),
                            ClientGrant.FOR_CLIENTS,
                            "{}",
                            now,
                            now));
        });
        Clients clients = new Clients(clientStore);
        ResourceServers resourceServers = new ResourceServers(resourceServerStore);
        ClientGrants clientGrants = new ClientGrants(clientGrantStore, clients::kept, resourceServers::scopesOf);
        KeyRing keyRing = new KeyRing(keyStore);
        clients.follow(changes);
        resourceServers.follow(changes);
        clientGrants.follow(changes);
        keyRing.follow(changes);
        changes.start();

        auditLog = AuditLog.start(database, folder, AuditSettings.defaults(), clock);
        authenticator = new ClientAuthenticator(clients, encryption::digest, true);
        grant = new ClientCredentialsGrant(resourceServers, clientGrants, Optional.empty());
        issuer = new AccessTokenIssuer(issuerUrl, keyRing, identifiers);
        signer = keyRing.signer(algorithm).orElseThrow();
        console = new ConsoleLog(new ConsoleStore(database), clock);
        exchange = new CredentialsExchange(
                new Config.Hooks(Config.HookSandbox.AUTO, false, Duration.ofSeconds(20), 1, 128 << 20),
                issuerUrl,
                Map.of(),
                random,
                console);
        Router router = new Router();
        new TokenEndpoint(
                        new Config.OAuth(Config.ErrorDialect.AUTH0, Optional.empty(), List.of(), true),
                        new Config.Throttle(false, 1, 1),
                        authenticator,
                        resourceServers,
                        clientGrants,
                        exchange,
                        keyRing,
                        identifiers,
                        issuerUrl,
                        auditLog,
                        changes,
                        clock)
                .mount(router);
        endpoint = router.routes().getFirst().handler();
        request = request();
        signingInput = signingInput();
    }

    private static Client client(Instant now) {
        return new Client(
                CLIENT,
                "Import job",
                null,
                "non_interactive",
                List.of("client_credentials"),
                AuthMethod.CLIENT_SECRET_POST,
                Map.of(),
                "{}",
                now,
                now);
    }

    private ResourceServer api(String id, Instant now) {
        return new ResourceServer(
                id,
                new Audience(AUDIENCE),
                "Timesheets",
                null,
                algorithm,
                Optional.empty(),
                ResourceServer.DEFAULT_TOKEN_LIFETIME,
                null,
                false,
                "{}",
                now,
                now);
    }

    private static Request request() {
        String body =
                "{\"grant_type\":\"client_credentials\",\"client_id\":\"%s\",\"client_secret\":\"%s\",\"audience\":\"%s\"}"
                        .formatted(CLIENT.value(), SECRET, AUDIENCE);
        Map<String, List<String>> headers = Map.of("Content-Type", List.of("application/json"));
        return new Request(
                "0123456789abcdef0123",
                "POST",
                TokenEndpoint.PATH,
                null,
                name -> headers.getOrDefault(name, List.of()),
                "127.0.0.1",
                body.getBytes(StandardCharsets.UTF_8),
                Map.of());
    }

    private byte[] signingInput() {
        String token = issue(request).compact();
        return token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        exchange.close();
        console.close();
        auditLog.close();
        changes.close();
        database.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** What the cryptography takes of it. */
    @Benchmark
    public byte[] signing() {
        return signer.sign(signingInput);
    }

    /** Parse, authenticate, decide, issue, respond; nothing is recorded. */
    @Benchmark
    public Response withoutAuditLog() {
        return TokenEndpoint.success(issue(request));
    }

    private AccessToken issue(Request asked) {
        TokenRequest tokenRequest = TokenRequest.parse(asked);
        Client client = authenticator.authenticate(tokenRequest.credentials());
        return issuer.issue(grant.decide(client, tokenRequest), clock.instant());
    }

    /** The whole endpoint, 64 requests at a time, until each record is on disk. */
    @Benchmark
    @OperationsPerInvocation(IN_FLIGHT)
    public int withAuditLog() {
        waiting.clear();
        for (int i = 0; i < IN_FLIGHT; i++) {
            waiting.add(endpoint.handle(request));
        }
        int bytes = 0;
        for (CompletionStage<Response> response : waiting) {
            bytes += response.toCompletableFuture().join().body().length;
        }
        return bytes;
    }
}
