package dev.jeton.config;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table of all settings: flags, variables, keys of the file, help and {@code config show} come from it. */
final class Settings {
    private static final Set<Place> ANYWHERE = EnumSet.allOf(Place.class);
    private static final Set<Place> NO_FLAG = EnumSet.of(Place.ENVIRONMENT, Place.FILE);

    static final Setting<Host> HOST = new Setting<>(
            "host",
            Kind.HOST,
            byDefault("127.0.0.1"),
            ANYWHERE,
            false,
            "Address to listen on; beyond loopback it takes --tls or --behind-proxy.");
    static final Setting<Integer> PORT = new Setting<>(
            "port", Kind.PORT, byDefault("8080"), ANYWHERE, false, "Port to listen on; 0 takes any free one.");
    static final Setting<Path> DATA = new Setting<>(
            "data",
            Kind.PATH,
            byDefault("data"),
            ANYWHERE,
            false,
            "Folder for the SQLite files, the master key and TLS files; one server at a time.");
    static final Setting<String> DB_URL = new Setting<>(
            "db.url",
            Kind.POSTGRESQL_URL,
            unset("SQLite in the data folder"),
            ANYWHERE,
            false,
            "PostgreSQL database, jdbc:postgresql://host:port/name, instead of SQLite; needs a master key.");
    static final Setting<String> DB_USER =
            noFlag("db.user", Kind.TEXT, unset("the name of the system's user"), "User of the PostgreSQL database.");
    static final Setting<Secret> DB_PASSWORD =
            secret("db.password", Kind.PASSWORD, unset("none"), "Password of the PostgreSQL database.");
    static final Setting<Secret> MASTER_KEY = secret(
            "master_key",
            Kind.MASTER_KEY,
            unset("made in the data folder"),
            "Key that encrypts keys and secrets, 32 bytes in base64; all servers of one database share it.");
    static final Setting<Issuer> ISSUER = new Setting<>(
            "issuer",
            Kind.ISSUER,
            unset("from host, port and TLS"),
            ANYWHERE,
            false,
            "Public base URL, as it stands in the iss of every token; there it ends with a slash.");
    static final Setting<Config.Tls> TLS = new Setting<>(
            "tls",
            Kind.TLS,
            byDefault("none"),
            ANYWHERE,
            false,
            "Plain HTTP, a certificate of an own CA (tls/ca.pem in the data folder), or PEM files, "
                    + "which are read again when they change.");
    static final Setting<List<Cidr>> BEHIND_PROXY = new Setting<>(
            "behind_proxy",
            Kind.CIDRS,
            unset("no proxy"),
            ANYWHERE,
            false,
            "Proxies that end TLS in front of this server: their X-Forwarded headers are believed.");
    static final Setting<Path> CONFIG = new Setting<>(
            "config",
            Kind.PATH,
            unset("no file"),
            EnumSet.of(Place.FLAG, Place.ENVIRONMENT),
            false,
            "YAML file with these settings; paths in it are relative to the working directory.");
    static final Setting<Config.LogFormat> LOG_FORMAT = new Setting<>(
            "log.format",
            Kind.oneOf(Config.LogFormat.class),
            byDefault("auto"),
            ANYWHERE,
            false,
            "Form of the log lines; auto is text on a terminal and json otherwise.");

    static final Setting<ClientId> BOOTSTRAP_CLIENT_ID = noFlag(
            "bootstrap.client_id",
            Kind.CLIENT_ID,
            unset("no such client"),
            "Client made on a fresh database, with every scope of the system API.");
    static final Setting<Secret> BOOTSTRAP_CLIENT_SECRET =
            secret("bootstrap.client_secret", Kind.PASSWORD, unset("no such client"), "Secret of that client.");

    static final Setting<Config.ErrorDialect> OAUTH_ERRORS = noFlag(
            "oauth.errors",
            Kind.oneOf(Config.ErrorDialect.class),
            byDefault("auth0"),
            "Codes and texts of the token endpoint's refusals: as Auth0 writes them, or as RFC 6749 does.");
    static final Setting<Audience> OAUTH_DEFAULT_AUDIENCE = noFlag(
            "oauth.default_audience",
            Kind.AUDIENCE,
            unset("a request must name one"),
            "API that a token request without an audience is for.");
    static final Setting<List<String>> OAUTH_CORS_ORIGINS = noFlag(
            "oauth.cors_origins",
            Kind.ORIGINS,
            unset("none"),
            "Web pages that may call the token endpoint from a browser; * for all.");
    static final Setting<Boolean> OAUTH_ACCEPT_EITHER_SECRET_TRANSPORT = noFlag(
            "oauth.accept_either_secret_transport",
            Kind.BOOLEAN,
            byDefault("false"),
            "Whether a client may send its secret by Basic or in the body, whichever it was registered with.");

    static final Setting<Boolean> SECRETS_REVEAL = noFlag(
            "secrets.reveal",
            Kind.BOOLEAN,
            byDefault("true"),
            "Whether client secrets are also kept encrypted, so that they can be shown again.");

    static final Setting<Config.Durability> AUDIT_DURABILITY = noFlag(
            "audit.durability",
            Kind.oneOf(Config.Durability.class),
            byDefault("commit"),
            "When an answer may leave: after its record is synced to disk, or before (a crash may lose records).");
    static final Setting<Duration> AUDIT_RETENTION = noFlag(
            "audit.retention",
            Kind.duration("1d", "3660d", "30d"),
            byDefault("30d"),
            "How long audit records are kept.");
    static final Setting<Long> AUDIT_MAX_BYTES = noFlag(
            "audit.max_bytes",
            Kind.bytes(16 << 20, 1L << 50, "10GiB"),
            byDefault("10GiB"),
            "Size of the token events on disk at which the oldest days are dropped early, with an alarm.");
    static final Setting<Duration> AUDIT_COMMIT_INTERVAL = noFlag(
            "audit.commit_interval",
            Kind.duration("0ms", "1s", "5ms"),
            byDefault("5ms"),
            "Least time between two commits of audit records.");

    static final Setting<Boolean> THROTTLE_ENABLED = noFlag(
            "throttle.enabled",
            Kind.BOOLEAN,
            byDefault("true"),
            "Whether failed authentications are slowed down; right credentials always pass.");
    static final Setting<Integer> THROTTLE_BY_ADDRESS = noFlag(
            "throttle.failures_per_minute_by_address",
            Kind.whole("number", 1, 1_000_000, "100"),
            byDefault("100"),
            "Failed authentications from one address that are answered before 429.");
    static final Setting<Integer> THROTTLE_BY_CLIENT_AND_ADDRESS = noFlag(
            "throttle.failures_per_minute_by_client_and_address",
            Kind.whole("number", 1, 1_000_000, "20"),
            byDefault("20"),
            "The same for one client id from one address.");

    static final Setting<Integer> MANAGEMENT_RATE_LIMIT = noFlag(
            "management.rate_limit",
            Kind.whole("number", 0, 1_000_000, "100"),
            byDefault("0"),
            "Requests of one client or administrator to the management API in a second that are answered before 429; 0 is no limit.");

    static final Setting<Duration> DASHBOARD_SESSION_LIFETIME = noFlag(
            "dashboard.session_lifetime",
            Kind.duration("5m", "30d", "12h"),
            byDefault("12h"),
            "Time after which an administrator signs in to the dashboard again, whatever happens.");
    static final Setting<Duration> DASHBOARD_SESSION_IDLE = noFlag(
            "dashboard.session_idle",
            Kind.duration("5m", "30d", "60m"),
            byDefault("60m"),
            "Time without a request, to the minute, after which an administrator signs in again.");

    static final Setting<Duration> KEYS_CACHE_LIFETIME = noFlag(
            "keys.cache_lifetime",
            Kind.duration("0s", "7d", "10m"),
            byDefault("10m"),
            "How long an API may cache the JWKS: a next signing key is at least that old before it signs, "
                    + "unless the rotation is forced.");

    static final Setting<Config.HookSandbox> HOOKS_SANDBOX = noFlag(
            "hooks.sandbox",
            Kind.oneOf(Config.HookSandbox.class),
            byDefault("auto"),
            "Whether Hooks and Actions run inside bubblewrap: where it works, or else not at all (require), or never.");
    static final Setting<Boolean> HOOKS_NETWORK = noFlag(
            "hooks.network",
            Kind.BOOLEAN,
            byDefault("true"),
            "Whether Hooks and Actions reach the network; without it takes bubblewrap.");
    static final Setting<Duration> HOOKS_DEADLINE = noFlag(
            "hooks.deadline",
            Kind.duration("100ms", "60s", "20s"),
            byDefault("20s"),
            "Time that the Hook and all Actions have for one token.");
    static final Setting<Integer> HOOKS_WORKERS = noFlag(
            "hooks.workers",
            Kind.whole("number", 0, 64, "4"),
            byDefault("0"),
            "Most Node.js processes for the Hook and the Actions; 0 is one for each core, at least 2.");
    static final Setting<Long> HOOKS_MEMORY = noFlag(
            "hooks.memory",
            Kind.bytes(32 << 20, 4L << 30, "128MiB"),
            byDefault("128MiB"),
            "Heap of each of these processes.");

    static final Setting<Integer> HTTP_MAX_HEADER_BYTES = noFlag(
            "http.max_header_bytes",
            Kind.bytes(1 << 10, 1 << 20, "16KiB").map(Math::toIntExact),
            byDefault("16KiB"),
            "Largest request header; a larger one is answered 431.");
    static final Setting<Duration> HTTP_HEADER_TIMEOUT = noFlag(
            "http.header_timeout",
            Kind.duration("100ms", "5m", "10s"),
            byDefault("10s"),
            "Time a client has for its first request's header, and for each body.");
    static final Setting<Duration> HTTP_IDLE_TIMEOUT = noFlag(
            "http.idle_timeout",
            Kind.duration("1s", "1h", "60s"),
            byDefault("60s"),
            "Time without a request, or with an answer that is not read, after which a connection is closed.");
    static final Setting<Duration> HTTP_DRAIN_TIMEOUT = noFlag(
            "http.drain_timeout",
            Kind.duration("0s", "10m", "10s"),
            byDefault("10s"),
            "Time that accepted requests have to end when the server stops.");

    static final Setting<Integer> EVENT_LOOPS = noFlag(
            "event_loops",
            Kind.whole("number", 0, 1024, "2"),
            byDefault("0"),
            "Threads that answer token requests; 0 is one for each core.");
    static final Setting<Integer> WORKERS = noFlag(
            "workers",
            Kind.whole("number", 0, 1024, "2"),
            byDefault("0"),
            "Threads for work that waits, such as the management API's; 0 is one for each core, at least 4.");

    /** In the order of the help. */
    static final List<Setting<?>> ALL = List.of(
            HOST,
            PORT,
            DATA,
            DB_URL,
            ISSUER,
            TLS,
            BEHIND_PROXY,
            CONFIG,
            LOG_FORMAT,
            MASTER_KEY,
            DB_USER,
            DB_PASSWORD,
            BOOTSTRAP_CLIENT_ID,
            BOOTSTRAP_CLIENT_SECRET,
            OAUTH_ERRORS,
            OAUTH_DEFAULT_AUDIENCE,
            OAUTH_CORS_ORIGINS,
            OAUTH_ACCEPT_EITHER_SECRET_TRANSPORT,
            SECRETS_REVEAL,
            KEYS_CACHE_LIFETIME,
            AUDIT_DURABILITY,
            AUDIT_RETENTION,
            AUDIT_MAX_BYTES,
            AUDIT_COMMIT_INTERVAL,
            THROTTLE_ENABLED,
            THROTTLE_BY_ADDRESS,
            THROTTLE_BY_CLIENT_AND_ADDRESS,
            MANAGEMENT_RATE_LIMIT,
            DASHBOARD_SESSION_LIFETIME,
            DASHBOARD_SESSION_IDLE,
            HOOKS_SANDBOX,
            HOOKS_NETWORK,
            HOOKS_DEADLINE,
            HOOKS_WORKERS,
            HOOKS_MEMORY,
            HTTP_MAX_HEADER_BYTES,
            HTTP_HEADER_TIMEOUT,
            HTTP_IDLE_TIMEOUT,
            HTTP_DRAIN_TIMEOUT,
            EVENT_LOOPS,
            WORKERS);

    private Settings() {}

    static List<Setting<?>> givenBy(Place place) {
        return ALL.stream().filter(setting -> setting.isGivenBy(place)).toList();
    }

    /** The setting with that key, whatever the place it may be given in. */
    static Optional<Setting<?>> find(String key) {
        return ALL.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    private static Setting.Absent byDefault(String text) {
        return new Setting.Absent.Default(text);
    }

    private static Setting.Absent unset(String words) {
        return new Setting.Absent.Unset(words);
    }

    private static <T> Setting<T> noFlag(String key, Kind<T> kind, Setting.Absent absent, String doc) {
        return new Setting<>(key, kind, absent, NO_FLAG, false, doc);
    }

    /** A secret is never a flag: every user of the machine can read command lines. */
    private static <T> Setting<T> secret(String key, Kind<T> kind, Setting.Absent absent, String doc) {
        return new Setting<>(key, kind, absent, NO_FLAG, true, doc);
    }
}
