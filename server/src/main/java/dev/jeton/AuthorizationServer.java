package dev.jeton;

import static java.util.Objects.requireNonNullElse;

import dev.jeton.action.ActionRoutes;
import dev.jeton.action.ActionStore;
import dev.jeton.action.LoadCheck;
import dev.jeton.action.TriggerRoutes;
import dev.jeton.administrator.DashboardAnswers;
import dev.jeton.administrator.DashboardSignIn;
import dev.jeton.administrator.Sessions;
import dev.jeton.audit.AuditLog;
import dev.jeton.audit.AuditSettings;
import dev.jeton.client.Client;
import dev.jeton.client.ClientAuthenticator;
import dev.jeton.client.ClientRoutes;
import dev.jeton.client.ClientSecret;
import dev.jeton.client.Clients;
import dev.jeton.clientgrant.ClientGrant;
import dev.jeton.clientgrant.ClientGrantRoutes;
import dev.jeton.clientgrant.ClientGrants;
import dev.jeton.clientgrant.GrantEffects;
import dev.jeton.config.Config;
import dev.jeton.config.DataFolder;
import dev.jeton.dashboard.DashboardEndpoint;
import dev.jeton.dashboard.DocsEndpoint;
import dev.jeton.extension.Bundles;
import dev.jeton.extension.ConsoleLog;
import dev.jeton.extension.CredentialsExchange;
import dev.jeton.extension.NpmDependencies;
import dev.jeton.hook.HookRoutes;
import dev.jeton.hook.HookStore;
import dev.jeton.http.HttpEngine;
import dev.jeton.http.HttpEngine.TlsIdentity;
import dev.jeton.http.Router;
import dev.jeton.http.TlsEngine;
import dev.jeton.http.TrustedProxies;
import dev.jeton.logstream.LogStreamRoutes;
import dev.jeton.logstream.LogStreamStore;
import dev.jeton.management.AuditRoutes;
import dev.jeton.management.BackupRoutes;
import dev.jeton.management.Effect;
import dev.jeton.management.EmptyRoutes;
import dev.jeton.management.Escalation;
import dev.jeton.management.ExecutionRoutes;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.ManagementAccess.Standing;
import dev.jeton.management.ManagementAccess.Standings;
import dev.jeton.management.OpenApiEndpoint;
import dev.jeton.management.RateLimit;
import dev.jeton.management.RegistryWriter;
import dev.jeton.metadata.MetadataEndpoint;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.operations.HealthEndpoint;
import dev.jeton.resourceserver.ResourceServerRoutes;
import dev.jeton.resourceserver.ResourceServers;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.JwksEndpoint;
import dev.jeton.signingkey.KeyEffects;
import dev.jeton.signingkey.KeyRing;
import dev.jeton.signingkey.KeyRotation;
import dev.jeton.signingkey.KeyType;
import dev.jeton.signingkey.SigningKeyRoutes;
import dev.jeton.storage.Backup;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.Migrations;
import dev.jeton.tenant.TenantSettingsRoutes;
import dev.jeton.tls.IdentitySource;
import dev.jeton.tls.SelfSigned;
import dev.jeton.tls.ServerIdentity;
import dev.jeton.token.RehearsalRoutes;
import dev.jeton.token.TokenEndpoint;
import dev.jeton.usage.OverviewRoutes;
import dev.jeton.usage.TokenLatency;
import dev.jeton.usage.UsageRoutes;
import dev.jeton.verifier.AccessTokenVerifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring diagram: every feature is built here, by constructor, in the order in which they depend on each other. What
 * is opened is closed in the opposite order.
 */
public final class AuthorizationServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorizationServer.class);
    private static final int MAX_CONNECTIONS = 20_000;
    private static final int AUDIT_QUEUE = 10_000;
    private static final Duration TLS_LOOK = Duration.ofSeconds(5);
    private static final Duration UPKEEP = Duration.ofHours(1);
    private static final Duration LONGEST_INSTALLATION = Duration.ofMinutes(2);

    private final Config config;
    private final Sources sources;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HttpEngine engine;
    private Supplier<Optional<String>> firstLink = Optional::empty;
    private final Issuer issuer;
    private final Router router = new Router();
    private final Optional<Path> caCertificate;
    private volatile boolean draining;

    /**
     * Starts a server; when this returns it answers.
     *
     * @throws dev.jeton.config.ConfigException likewise {@link HttpEngine.CannotListenException}, {@link
     *     Migrations.NewerSchemaException}, {@link Encryption.WrongMasterKeyException} and {@link
     *     dev.jeton.storage.StorageUnavailableException}: each message is a sentence with the mend
     */
    public static AuthorizationServer start(Config config, Sources sources) {
        return new AuthorizationServer(config, sources);
    }

    private AuthorizationServer(Config config, Sources sources) {
        this.config = config;
        this.sources = sources;
        try {
            DataFolder folder = open(DataFolder.open(config.data(), sources.random()));
            Identifiers identifiers = new Identifiers(sources.random());
            Optional<IdentitySource> identity =
                    IdentitySource.of(config, folder.tls(), sources.clock(), sources.random());
            this.caCertificate = identity.flatMap(
                    source -> source instanceof SelfSigned own ? Optional.of(own.caCertificate()) : Optional.empty());
            this.engine = open(new HttpEngine(httpSettings(), identifiers::requestId, TlsEngine.FASTEST));
            int port = engine.listen(
                    identity.map(source -> tlsIdentity(source.current())).orElse(null));
            this.issuer = config.issuerAt(port);
            CredentialsExchange exchange = build(folder, identifiers, identity);
            engine.serve(router);
            // Behind code that is slow to load, keys and the management API must not wait: it is mended there.
            exchange.awaitWarm();
        } catch (RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    private CredentialsExchange build(DataFolder folder, Identifiers identifiers, Optional<IdentitySource> identity) {
        Database database = open(Stores.database(config, folder));
        Migrations.run(database);
        ChangeFeed changes = open(new ChangeFeed(database, sources.clock()));
        Stores stores = Stores.open(config, folder, database, changes, sources, issuer);
        boolean fresh = stores.firstStart()
                .fill(
                        database,
                        bootstrapClient(),
                        CliCredentials.findClient(folder.cliCredentials()),
                        sources.clock().instant(),
                        client -> CliCredentials.write(folder.cliCredentials(), issuer, client, caCertificate));
        if (!fresh) {
            CliCredentials.move(folder.cliCredentials(), issuer, caCertificate);
        }

        Clients clients = new Clients(stores.clients());
        ResourceServers resourceServers = new ResourceServers(stores.resourceServers());
        ClientGrants clientGrants = new ClientGrants(stores.clientGrants(), clients::kept, resourceServers::scopesOf);
        KeyRing keyRing = new KeyRing(stores.signingKeys());
        ConsoleLog console = open(new ConsoleLog(stores.console(), sources.clock()));
        CredentialsExchange exchange =
                open(new CredentialsExchange(config.hooks(), issuer, sources.environment(), sources.random(), console));
        Bundles bundles = new Bundles(List.of(stores.hooks(), stores.actions()), exchange::use);
        clients.follow(changes);
        resourceServers.follow(changes);
        clientGrants.follow(changes);
        keyRing.follow(changes);
        DashboardSignIn signIn = dashboardSignIn(
                database, changes, (handle, client) -> granted(handle, client, stores, resourceServers), identifiers);
        signIn.follow();
        changes.add(HookStore.ENTITY, bundles);
        changes.add(ActionStore.ENTITY, bundles);
        changes.start();

        AuditLog auditLog = open(AuditLog.start(database, config.data(), auditSettings(), sources.clock()));

        TokenLatency latency = new TokenLatency();
        new TokenEndpoint(
                        config.oauth(),
                        config.throttle(),
                        new ClientAuthenticator(
                                clients,
                                stores.encryption()::digest,
                                config.oauth().acceptEitherSecretTransport()),
                        resourceServers,
                        clientGrants,
                        exchange,
                        keyRing,
                        identifiers,
                        issuer,
                        auditLog,
                        changes,
                        sources.clock(),
                        latency)
                .mount(router);
        new JwksEndpoint(keyRing, changes::caughtUp).mount(router);
        new MetadataEndpoint(issuer, keyRing).mount(router);
        new DashboardEndpoint(identifiers::nonce).mount(router);
        new DocsEndpoint().mount(router);
        new HealthEndpoint(() -> problems(database, changes, auditLog)).mount(router);

        signIn.mount(
                router,
                auditLog.changes(),
                new DashboardAnswers(issuer, version(), config.secrets().reveal()));

        Standings standings = client -> standing(client, clients, resourceServers, clientGrants);
        ManagementAccess access = new ManagementAccess(
                AccessTokenVerifier.builder(
                                issuer.value(), issuer.systemAudience().value(), keyRing::keySet)
                        .clock(sources.clock())
                        .build(),
                standings,
                signIn.callers(),
                changes,
                new RateLimit(config.management().rateLimit(), sources.clock()));
        RegistryWriter writer = new RegistryWriter(database, changes, auditLog.changes(), sources.clock());
        GrantEffects grantEffects = new GrantEffects(stores.clientGrants(), stores.resourceServers());
        new ClientRoutes(
                        database,
                        clients,
                        stores.clients(),
                        grantEffects,
                        new Escalation(client ->
                                granted(client, resourceServers, clientGrants).orElse(ScopeSet.EMPTY)),
                        writer,
                        identifiers,
                        issuer,
                        keyRing::jwks,
                        sources.clock())
                .mount(router, access);
        new ResourceServerRoutes(
                        database,
                        resourceServers,
                        stores.resourceServers(),
                        writer,
                        identifiers,
                        consequences(stores.rotation(), grantEffects),
                        sources.clock())
                .mount(router, access);
        new ClientGrantRoutes(
                        database,
                        stores.clientGrants(),
                        (handle, client) -> stores.clients()
                                .find(handle, client)
                                .map(found -> requireNonNullElse(found.appType(), "")),
                        stores.resourceServers(),
                        writer,
                        identifiers,
                        sources.clock())
                .mount(router, access);
        NpmDependencies npm = open(new NpmDependencies(sources.environment(), longestInstallation()));
        new HookRoutes(database, stores.hooks(), stores.console(), exchange, npm, writer, identifiers, sources.clock())
                .mount(router, access);
        LoadCheck loadCheck = exchange::problemOf;
        new ActionRoutes(
                        database,
                        stores.actions(),
                        stores.console(),
                        npm,
                        loadCheck,
                        exchange::awaitWarm,
                        writer,
                        identifiers,
                        sources.clock())
                .mount(router, access);
        new TriggerRoutes(
                        database,
                        stores.actions(),
                        loadCheck,
                        exchange::awaitWarm,
                        writer,
                        identifiers,
                        sources.clock())
                .mount(router, access);
        new RehearsalRoutes(
                        exchange,
                        stores.hooks()::findScript,
                        stores.actions()::findDraft,
                        resourceServers,
                        keyRing,
                        identifiers,
                        issuer,
                        sources.clock())
                .mount(router, access);
        new ExecutionRoutes(auditLog.reader()).mount(router, access);
        new SigningKeyRoutes(database, stores.rotation(), writer).mount(router, access);
        new AuditRoutes(auditLog.reader(), issuer).mount(router, access);
        new UsageRoutes(
                        database,
                        auditLog.usage(),
                        stores.clients(),
                        stores.resourceServers(),
                        resourceServers,
                        stores.clientGrants(),
                        stores.rotation(),
                        sources.clock())
                .mount(router, access);
        new OverviewRoutes(auditLog.usage(), latency, clients, resourceServers, sources.clock()).mount(router, access);
        new BackupRoutes(backup(folder), writer, sources.clock()).mount(router, access);

        signIn.mount(router, access, writer);
        new LogStreamRoutes(
                        database, new LogStreamStore(stores.encryption()), writer, identifiers, issuer, sources.clock())
                .mount(router, access);
        new TenantSettingsRoutes(database, writer, issuer.host()).mount(router, access);
        new EmptyRoutes().mount(router, access);
        new OpenApiEndpoint(access::operations).mount(router);
        access.mountRest(router);

        startUpkeep(database, stores.rotation(), changes, signIn, identity);
        return exchange;
    }

    private DashboardSignIn dashboardSignIn(
            Database database,
            ChangeFeed changes,
            BiFunction<Handle, ClientId, ScopeSet> granted,
            Identifiers identifiers) {
        Config.Dashboard dashboard = config.dashboard();
        DashboardSignIn signIn = open(new DashboardSignIn(
                database,
                changes,
                granted,
                issuer,
                new Sessions.Lifetime(dashboard.sessionLifetime(), dashboard.sessionIdle()),
                identifiers,
                sources.random(),
                sources.clock()));
        this.firstLink = signIn::makeFirstLink;
        return signIn;
    }

    /** As the build names it; tests run what was not packaged. */
    private static String version() {
        return requireNonNullElse(AuthorizationServer.class.getPackage().getImplementationVersion(), "unpackaged");
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    private HttpEngine.Settings httpSettings() {
        Config.Http http = config.http();
        return new HttpEngine.Settings(
                http.host().value(),
                http.port(),
                config.threads().eventLoops(),
                config.threads().workers(),
                http.maxHeaderBytes(),
                http.headerTimeout(),
                http.idleTimeout(),
                MAX_CONNECTIONS,
                new TrustedProxies(address -> http.behindProxy().stream().anyMatch(cidr -> cidr.contains(address))));
    }

    /** Whoever asked for it must still be connected: a connection on which nothing moves is closed. */
    private Duration longestInstallation() {
        Duration heard = config.http().idleTimeout().multipliedBy(9).dividedBy(10);
        return heard.compareTo(LONGEST_INSTALLATION) < 0 ? heard : LONGEST_INSTALLATION;
    }

    private static TlsIdentity tlsIdentity(ServerIdentity identity) {
        return new TlsIdentity(
                new String(identity.chainPem(), StandardCharsets.US_ASCII),
                new String(identity.revealKeyPem(), StandardCharsets.US_ASCII));
    }

    private Optional<Backup> backup(DataFolder folder) {
        return switch (config.database()) {
            case Config.Database.Sqlite _ ->
                Optional.of(new Backup(folder.database(), folder.audit(), folder.backups()));
            case Config.Database.PostgreSql _ -> Optional.empty();
        };
    }

    private Optional<FirstStart.Credentials> bootstrapClient() {
        return config.bootstrapClient()
                .map(client -> new FirstStart.Credentials(
                        client.id(), new ClientSecret(new String(client.secret().reveal(), StandardCharsets.UTF_8))));
    }

    private AuditSettings auditSettings() {
        Config.Audit audit = config.audit();
        AuditSettings defaults = AuditSettings.defaults();
        return new AuditSettings(
                switch (audit.durability()) {
                    case COMMIT -> AuditSettings.Durability.COMMIT;
                    case ASYNC -> AuditSettings.Durability.ASYNC;
                },
                AUDIT_QUEUE,
                audit.commitInterval(),
                defaults.foldThreshold(),
                defaults.foldAddresses(),
                (int) Math.max(1, audit.retention().toDays()),
                audit.maxBytes());
    }

    /** A client that may not ask for tokens any more may do nothing with those it has. */
    private static Optional<Standing> standing(
            ClientId id, Clients clients, ResourceServers resourceServers, ClientGrants clientGrants) {
        return clients.find(id)
                .filter(client -> client.mayUse(Client.CLIENT_CREDENTIALS))
                .flatMap(client -> granted(id, resourceServers, clientGrants)
                        .map(granted -> new Standing(client.name(), granted)));
    }

    /** What a client is granted of the system API, whether it may ask for it now or not. */
    private static Optional<ScopeSet> granted(ClientId id, ResourceServers resourceServers, ClientGrants clientGrants) {
        return resourceServers.findSystem().flatMap(system -> clientGrants.find(id, system.id()));
    }

    /** What a client may do at the system API, by the database: nothing, if it may not ask for tokens any more. */
    private static ScopeSet granted(Handle handle, ClientId id, Stores stores, ResourceServers resourceServers) {
        return stores.clients()
                .find(handle, id)
                .filter(client -> client.mayUse(Client.CLIENT_CREDENTIALS))
                .flatMap(_ -> resourceServers.findSystem())
                .flatMap(system -> stores.clientGrants().find(handle, id, system.id()))
                .flatMap(ClientGrant::scope) // never all: its scopes are granted one by one
                .orElse(ScopeSet.EMPTY);
    }

    private static ResourceServerRoutes.Consequences consequences(KeyRotation rotation, GrantEffects grants) {
        return new ResourceServerRoutes.Consequences() {
            @Override
            public Effect signsWith(Handle handle, SigningAlgorithm algorithm) {
                return KeyEffects.between(
                        List.of(),
                        KeyType.of(algorithm)
                                .map(type -> rotation.ensure(handle, type))
                                .orElse(List.of()));
            }

            @Override
            public Effect losesScopes(Handle handle, String resourceServerId) {
                return grants.narrowedWith(handle, resourceServerId);
            }

            @Override
            public Effect isDeleted(Handle handle, String resourceServerId) {
                return grants.deletedWith(handle, resourceServerId);
            }
        };
    }

    private List<String> problems(Database database, ChangeFeed changes, AuditLog auditLog) {
        // First: the database may take longer to say nothing than this is remembered.
        Optional<String> auditTrouble = auditLog.trouble();
        List<String> problems = new ArrayList<>();
        if (draining) {
            problems.add("the server is stopping");
        }
        if (!database.answers()) {
            problems.add("the database does not answer");
        }
        if (!changes.isCurrent()) {
            problems.add("the registry in memory is older than " + ChangeFeed.MOST_STALE.toMillis() + " ms");
        }
        auditTrouble.ifPresent(trouble -> problems.add("the audit log cannot be written: " + trouble));
        return problems;
    }

    private void startUpkeep(
            Database database,
            KeyRotation rotation,
            ChangeFeed changes,
            DashboardSignIn signIn,
            Optional<IdentitySource> identity) {
        ScheduledExecutorService upkeep = open(Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("jeton-upkeep").daemon().factory()));
        identity.ifPresent(source ->
                repeat(upkeep, TLS_LOOK, () -> source.refresh(renewed -> engine.renewTls(tlsIdentity(renewed)))));
        repeat(upkeep, UPKEEP, () -> {
            database.change(rotation::retireExpired);
            signIn.forgetExpired();
            changes.forgetOld();
            changes.catchUp();
        });
    }

    private static void repeat(ScheduledExecutorService executor, Duration every, Runnable task) {
        var _ = executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.warn("upkeep failed and will be tried again", e);
                    }
                },
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    public Issuer issuer() {
        return issuer;
    }

    /**
     * Makes a link with which somebody becomes the first administrator; empty if there is one. For the operator's eyes
     * only.
     */
    public Optional<String> makeFirstLink() {
        return firstLink.get();
    }

    /** With self-signed TLS, the certificate that clients must trust. */
    public Optional<Path> caCertificate() {
        return caCertificate;
    }

    /** Every route, for the golden routing table. */
    public List<Router.Route> routes() {
        return router.routes();
    }

    /** Answers what was accepted, then ends. */
    @Override
    public void close() {
        draining = true;
        engine.drain(config.http().drainTimeout());
        closeAll();
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn("closing {} failed", next.getClass().getSimpleName(), e);
            }
        }
    }
}
