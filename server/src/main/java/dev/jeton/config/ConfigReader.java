package dev.jeton.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration: flags, then environment variables, then the file, then defaults; the first counts. */
public final class ConfigReader {
    /** The management API waits for the database, not for a core. */
    private static final int LEAST_WORKERS = 4;

    private static final int LEAST_HOOK_WORKERS = 2;

    private ConfigReader() {}

    /**
     * Reads and checks all settings.
     *
     * @param args the flags that follow {@code serve}; the caller has dealt with {@code --help}
     * @param environment of which the variables that begin with {@code JETON_} are read
     * @throws ConfigException with a sentence for each thing that is wrong
     */
    public static Config read(String[] args, Map<String, String> environment) {
        return assemble(values(args, environment));
    }

    /**
     * What a look at the settings found.
     *
     * @param config with the default in place of each value that is wrong
     * @param problems a sentence for each thing that is wrong; a start would be refused
     * @param secretFiles those that secrets were read from
     */
    public record Examined(Config config, List<String> problems, List<Path> secretFiles) {
        public Examined {
            problems = List.copyOf(problems);
            secretFiles = List.copyOf(secretFiles);
        }
    }

    /** {@link #read}, for who wants to go on with what is right. */
    public static Examined examine(String[] args, Map<String, String> environment) {
        Problems problems = new Problems();
        Values values = gather(args, environment, problems);
        if (problems.sentences().isEmpty()) {
            Rules.check(values, problems);
        }
        return new Examined(assemble(values), problems.sentences(), values.secretFiles());
    }

    /** The text of {@code jeton serve --help}. */
    public static String help() {
        return Help.text();
    }

    static Values values(String[] args, Map<String, String> environment) {
        Problems problems = new Problems();
        Values values = gather(args, environment, problems);
        problems.refuseIfAny();
        Rules.check(values, problems);
        problems.refuseIfAny();
        return values;
    }

    private static Values gather(String[] args, Map<String, String> environment, Problems problems) {
        Map<String, Found> flags = CommandLine.read(args, problems);
        Map<String, Found> variables = EnvironmentVariables.read(environment, problems);
        Map<String, Found> file = file(flags, variables, problems);
        return Values.choose(List.of(flags, variables, file), problems);
    }

    private static Map<String, Found> file(Map<String, Found> flags, Map<String, Found> variables, Problems problems) {
        String key = Settings.CONFIG.key();
        Found name = flags.getOrDefault(key, variables.get(key));
        if (name == null) {
            return Map.of();
        }
        try {
            return ConfigFile.read(Path.of(name.text()), name.origin(), problems);
        } catch (InvalidPathException _) {
            return Map.of(); // the check of the setting itself says so
        }
    }

    static Config assemble(Values values) {
        return new Config(
                http(values),
                values.get(Settings.DATA),
                database(values),
                values.find(Settings.MASTER_KEY),
                values.find(Settings.ISSUER),
                values.get(Settings.TLS),
                bootstrapClient(values),
                new Config.OAuth(
                        values.get(Settings.OAUTH_ERRORS),
                        values.find(Settings.OAUTH_DEFAULT_AUDIENCE),
                        values.find(Settings.OAUTH_CORS_ORIGINS).orElse(List.of()),
                        values.get(Settings.OAUTH_ACCEPT_EITHER_SECRET_TRANSPORT)),
                new Config.Secrets(values.get(Settings.SECRETS_REVEAL)),
                new Config.Audit(
                        values.get(Settings.AUDIT_DURABILITY),
                        values.get(Settings.AUDIT_RETENTION),
                        values.get(Settings.AUDIT_MAX_BYTES),
                        values.get(Settings.AUDIT_COMMIT_INTERVAL)),
                new Config.Throttle(
                        values.get(Settings.THROTTLE_ENABLED),
                        values.get(Settings.THROTTLE_BY_ADDRESS),
                        values.get(Settings.THROTTLE_BY_CLIENT_AND_ADDRESS)),
                new Config.Management(values.get(Settings.MANAGEMENT_RATE_LIMIT)),
                new Config.Dashboard(
                        values.get(Settings.DASHBOARD_SESSION_LIFETIME), values.get(Settings.DASHBOARD_SESSION_IDLE)),
                new Config.Keys(values.get(Settings.KEYS_CACHE_LIFETIME)),
                hooks(values),
                threads(values),
                new Config.Log(values.get(Settings.LOG_FORMAT)));
    }

    private static Config.Http http(Values values) {
        return new Config.Http(
                values.get(Settings.HOST),
                values.get(Settings.PORT),
                values.find(Settings.BEHIND_PROXY).orElse(List.of()),
                values.get(Settings.HTTP_MAX_HEADER_BYTES),
                values.get(Settings.HTTP_HEADER_TIMEOUT),
                values.get(Settings.HTTP_IDLE_TIMEOUT),
                values.get(Settings.HTTP_DRAIN_TIMEOUT));
    }

    private static Config.Database database(Values values) {
        Optional<String> url = values.find(Settings.DB_URL);
        if (url.isEmpty()) {
            return new Config.Database.Sqlite();
        }
        return new Config.Database.PostgreSql(
                url.get(), values.find(Settings.DB_USER), values.find(Settings.DB_PASSWORD));
    }

    private static Optional<Config.BootstrapClient> bootstrapClient(Values values) {
        return values.find(Settings.BOOTSTRAP_CLIENT_ID)
                .flatMap(id -> values.find(Settings.BOOTSTRAP_CLIENT_SECRET)
                        .map(secret -> new Config.BootstrapClient(id, secret)));
    }

    private static Config.Hooks hooks(Values values) {
        int workers = values.get(Settings.HOOKS_WORKERS);
        return new Config.Hooks(
                values.get(Settings.HOOKS_SANDBOX),
                values.get(Settings.HOOKS_NETWORK),
                values.get(Settings.HOOKS_DEADLINE),
                workers == 0 ? Math.max(Runtime.getRuntime().availableProcessors(), LEAST_HOOK_WORKERS) : workers,
                values.get(Settings.HOOKS_MEMORY));
    }

    private static Config.Threads threads(Values values) {
        int cores = Runtime.getRuntime().availableProcessors();
        int eventLoops = values.get(Settings.EVENT_LOOPS);
        int workers = values.get(Settings.WORKERS);
        return new Config.Threads(
                eventLoops == 0 ? cores : eventLoops, workers == 0 ? Math.max(cores, LEAST_WORKERS) : workers);
    }
}
