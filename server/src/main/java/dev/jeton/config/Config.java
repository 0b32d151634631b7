package dev.jeton.config;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that an operator may decide, read once at the start by {@link ConfigReader}.
 *
 * @param data folder for the SQLite files, the master key and TLS files, see {@link DataFolder}
 * @param masterKey 32 bytes that encrypt keys and secrets; empty: {@link DataFolder#masterKey()}
 * @param issuer as configured; empty: {@link #issuerAt}
 */
public record Config(
        Http http,
        Path data,
        Database database,
        Optional<Secret> masterKey,
        Optional<Issuer> issuer,
        Tls tls,
        Optional<BootstrapClient> bootstrapClient,
        OAuth oauth,
        Secrets secrets,
        Audit audit,
        Throttle throttle,
        Management management,
        Dashboard dashboard,
        Keys keys,
        Hooks hooks,
        Threads threads,
        Log log) {

    /**
     * The issuer configured, or the one that follows from host, port and TLS.
     *
     * @param boundPort the port listened on, which {@code --port 0} leaves open until then
     */
    public Issuer issuerAt(int boundPort) {
        return issuer.orElseGet(() -> {
            boolean plain = tls instanceof Tls.None;
            String port = boundPort == (plain ? 80 : 443) ? "" : ":" + boundPort;
            return Issuer.of((plain ? "http://" : "https://") + http.host().inUrl() + port);
        });
    }

    /**
     * The main listener.
     *
     * @param port 0 for any free port
     * @param behindProxy peers whose {@code X-Forwarded-*} headers are believed; empty: nobody's
     * @param headerTimeout from the opening of a connection to its first whole request head, and from a head to the end of its body
     * @param idleTimeout without a request, or with an answer that is not read
     * @param drainTimeout how long a stopping server waits for accepted requests
     */
    public record Http(
            Host host,
            int port,
            List<Cidr> behindProxy,
            int maxHeaderBytes,
            Duration headerTimeout,
            Duration idleTimeout,
            Duration drainTimeout) {
        public Http {
            behindProxy = List.copyOf(behindProxy);
        }
    }

    /** Where the registry is kept. */
    public sealed interface Database {
        /** The file {@link DataFolder#database()}. */
        record Sqlite() implements Database {}

        /** A server; {@code url} begins with {@code jdbc:postgresql:} and holds no password. */
        record PostgreSql(String url, Optional<String> user, Optional<Secret> password) implements Database {}
    }

    /** What the main listener shows its clients. */
    public sealed interface Tls {
        /** Plain HTTP: loopback, or a proxy in front that ends TLS. */
        record None() implements Tls {}

        /** A certificate from a CA of our own, in {@link DataFolder#tls()}. */
        record SelfSigned() implements Tls {}

        /** Files that somebody else renews. */
        record Pem(Path certificate, Path key) implements Tls {}
    }

    /** The machine-to-machine client made on a fresh database, with every scope of the system API. */
    public record BootstrapClient(ClientId id, Secret secret) {}

    /**
     * The token endpoint.
     *
     * @param corsOrigins {@code scheme://host[:port]} in lower case, or the single value {@code *}
     * @param acceptEitherSecretTransport whether a client may send its secret by Basic or in the body, whatever its
     *     {@code token_endpoint_auth_method} says
     */
    public record OAuth(
            ErrorDialect errors,
            Optional<Audience> defaultAudience,
            List<String> corsOrigins,
            boolean acceptEitherSecretTransport) {
        public OAuth {
            corsOrigins = List.copyOf(corsOrigins);
        }
    }

    /** How refusals of the token endpoint are written. */
    public enum ErrorDialect {
        AUTH0,
        RFC6749
    }

    /** {@code reveal}: whether client secrets are kept readable, encrypted, besides their digest. */
    public record Secrets(boolean reveal) {}

    /**
     * The audit log.
     *
     * @param maxBytes of token events on disk; the oldest days are dropped first
     * @param commitInterval least time between two commits
     */
    public record Audit(Durability durability, Duration retention, long maxBytes, Duration commitInterval) {}

    /** When an answer may leave: after its record is synced to disk, or before. */
    public enum Durability {
        COMMIT,
        ASYNC
    }

    /** How many failed authentications are answered before 429; right credentials always pass. */
    public record Throttle(boolean enabled, int failuresPerMinuteByAddress, int failuresPerMinuteByClientAndAddress) {}

    /** {@code rateLimit}: requests of one client or administrator in a second; 0 is no limit. */
    public record Management(int rateLimit) {}

    /**
     * How long a sign-in to the dashboard lasts.
     *
     * @param sessionLifetime whatever happens
     * @param sessionIdle without a request
     */
    public record Dashboard(Duration sessionLifetime, Duration sessionIdle) {}

    /** {@code cacheLifetime}: how long an API may keep the JWKS, and so the least age of a key before it signs. */
    public record Keys(Duration cacheLifetime) {}

    /**
     * Where and how long Hooks and Actions run.
     *
     * @param network whether they reach the network, the server's own ports included
     * @param deadline for one call: the Hook and all Actions
     * @param workers most Node.js processes for them
     * @param memoryBytes of the heap of each
     */
    public record Hooks(HookSandbox sandbox, boolean network, Duration deadline, int workers, long memoryBytes) {}

    /** Whether Hooks run inside bubblewrap: where it works, always or else not at all, or never. */
    public enum HookSandbox {
        AUTO,
        REQUIRE,
        OFF
    }

    /** Both at least 1. */
    public record Threads(int eventLoops, int workers) {}

    public record Log(LogFormat format) {}

    /** {@code AUTO} is text on a terminal and JSON otherwise. */
    public enum LogFormat {
        AUTO,
        TEXT,
        JSON
    }
}
