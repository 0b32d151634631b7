package dev.jeton;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.ConfigReader;
import dev.jeton.config.ConfigShow;
import dev.jeton.doctor.Doctor;
import dev.jeton.http.HttpEngine;
import dev.jeton.operations.LogConfiguration;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.Migrations;
import dev.jeton.storage.StorageUnavailableException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The commands that run on the server's machine: {@code serve}, {@code quickstart}, {@code config show} and three more. */
public final class Main {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    /** What the commands do that take the settings of {@code serve}, which --help lists for them too. */
    private static final Map<String, String> PURPOSES = Map.of(
            "quickstart", "starts a server, makes a demo API, application and grant, and asks for a token.",
            "config", "'config show' prints every effective setting and where it came from; --json for programs.",
            "doctor", """
            looks at this machine and at the settings of a server, and says what to mend.

              jeton doctor                              # with the flags, variables and file that serve is given
              jeton doctor --data /var/lib/jeton --config jeton.yaml
              jeton doctor --json                       # for programs
              jeton doctor --url https://auth.example.com   # a server elsewhere, seen from here
              jeton doctor --profile production             # the same with what jeton login stored

            One line for each finding: ok, warn or fail, and how to mend it. It changes nothing, and may run beside the
            server; run it as the same user. Exit code 0 if nothing fails, 1 otherwise.""",
            "recover", "without a running server, makes a client with every scope of the system API.",
            "rewrap", "without a running server, encrypts the database with a new master key.");

    private Main() {}

    public static void main(String[] args) {
        int status = run(args, System.getenv(), System.out, System.err);
        LogConfiguration.flush();
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        String command = args.length == 0 ? "serve" : args[0];
        String[] flags = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        if (Arrays.asList(flags).contains("--help") || Arrays.asList(flags).contains("-h")) {
            String purpose = PURPOSES.get(command);
            if (purpose != null) {
                out.println("jeton " + command + ": " + purpose + System.lineSeparator());
            }
            String called = command.equals("config") ? "config show" : command;
            out.print(ConfigReader.help().replaceFirst("jeton serve", "jeton " + called));
            return 0;
        }
        try {
            return switch (command) {
                case "serve" -> serve(configure(flags, environment), sources(environment), out);
                case "quickstart" -> quickstart(configure(flags, environment), sources(environment), out);
                case "config" -> showConfig(flags, environment, out, err);
                case "doctor" -> {
                    LogConfiguration.silence();
                    Accp.install();
                    yield Doctor.run(flags, environment, InstantSource.system(), out) ? 0 : FAILED;
                }
                case "recover" -> {
                    new Maintenance(configure(flags, environment), sources(environment)).recover(out);
                    yield 0;
                }
                case "rewrap" -> {
                    new Maintenance(configure(flags, environment), sources(environment)).rewrap(environment, out);
                    yield 0;
                }
                default -> {
                    err.println("jeton: there is no command '" + command + "'; see jeton --help");
                    yield WRONG_USAGE;
                }
            };
        } catch (ConfigException
                | HttpEngine.CannotListenException
                | Migrations.NewerSchemaException
                | Encryption.WrongMasterKeyException
                | StorageUnavailableException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> err.println("jeton: " + line));
            return FAILED;
        }
    }

    private static Config configure(String[] flags, Map<String, String> environment) {
        Config config = ConfigReader.read(flags, environment);
        boolean json = switch (config.log().format()) {
            case AUTO -> !isTerminal();
            case TEXT -> false;
            case JSON -> true;
        };
        System.setProperty(LogConfiguration.FORMAT_PROPERTY, json ? "json" : "text");
        Accp.install();
        return config;
    }

    @SuppressWarnings("SystemConsoleNull") // on Java 25 there is none where output is redirected
    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private static Sources sources(Map<String, String> environment) {
        return new Sources(InstantSource.system(), new SecureRandom(), environment);
    }

    private static int serve(Config config, Sources sources, PrintStream out) {
        AuthorizationServer server = AuthorizationServer.start(config, sources);
        server.makeFirstLink().ifPresent(link -> out.println("Make the first administrator: " + link));
        out.println("Jeton is ready at " + server.issuer());
        out.flush();
        waitForTheEnd(server);
        return 0;
    }

    private static int quickstart(Config config, Sources sources, PrintStream out) {
        AuthorizationServer server = AuthorizationServer.start(config, sources);
        try {
            LogConfiguration.tellRequests(false);
            new Quickstart(config, server, out, InstantSource.system()).run();
            LogConfiguration.tellRequests(true);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        waitForTheEnd(server);
        return 0;
    }

    /** SIGTERM and Ctrl-C run the hook; the virtual machine ends when it has. */
    private static void waitForTheEnd(AuthorizationServer server) {
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("jeton-stop").unstarted(() -> {
                    server.close();
                    LogConfiguration.flush();
                    end.countDown();
                }));
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int showConfig(String[] flags, Map<String, String> environment, PrintStream out, PrintStream err) {
        if (flags.length == 0 || !flags[0].equals("show")) {
            err.println("jeton: use 'jeton config show', with the flags of 'jeton serve' and --json if you like");
            return WRONG_USAGE;
        }
        out.print(ConfigShow.show(Arrays.copyOfRange(flags, 1, flags.length), environment));
        return 0;
    }
}
