package dev.jeton.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the server and the credentials for it; the first of these wins: options and environment, the data folder of
 * {@code --data} or the profile of {@code --profile}, the profile of JETON_PROFILE, the data folder of JETON_DATA, the
 * current profile, {@code ./data}. Stored credentials are only ever sent to the server they are stored for.
 */
final class CredentialSources {
    private final Shell shell;
    private final JetonCommand options;

    CredentialSources(Shell shell, JetonCommand options) {
        this.shell = shell;
        this.options = options;
    }

    /** The server alone, for what needs no credentials. */
    ServerAddress server() {
        return givenUrl()
                .map(url -> ServerAddress.of(url, givenCa()))
                .or(() -> stored().map(Credentials::server))
                .orElseThrow(this::noServer);
    }

    Credentials credentials() {
        Optional<String> clientId = givenClientId();
        Optional<Secret> secret = givenSecret();
        if (clientId.isPresent() && secret.isPresent()) {
            return new Credentials(server(), clientId.get(), secret.get(), "options and environment");
        }
        if (clientId.isPresent()) {
            throw Failure.usage("the secret of application " + clientId.get() + " is missing: give --secret-file"
                    + orSet("JETON_CLIENT_SECRET"));
        }
        if (secret.isPresent()) {
            throw Failure.usage("a secret without an application: give --client-id" + orSet("JETON_CLIENT_ID"));
        }
        Credentials stored = stored().orElseThrow(this::noServer);
        Optional<ServerAddress> server = givenUrl().map(url -> ServerAddress.of(url, givenCa()));
        if (server.isPresent() && !server.get().issuer().equals(stored.server().issuer())) {
            throw Failure.usage("no credentials for " + server.get().issuer() + ": those in " + stored.source()
                            + " are for " + stored.server().issuer())
                    .mendedBy("run jeton login --url " + server.get().issuer() + " --client-id <id>");
        }
        return stored;
    }

    /** With {@code --profile} the variable would not count. */
    private String orSet(String variable) {
        return options.profile == null ? " or set " + variable : "";
    }

    Optional<String> givenUrl() {
        return given(options.url, "JETON_URL");
    }

    Optional<String> givenClientId() {
        return given(options.clientId, "JETON_CLIENT_ID");
    }

    Optional<Secret> givenSecret() {
        return secretOption().or(() -> variable("JETON_CLIENT_SECRET").map(Secret::new));
    }

    Optional<String> profileOption() {
        return Optional.ofNullable(options.profile);
    }

    Optional<String> givenProfile() {
        return profileOption().or(() -> shell.variable("JETON_PROFILE"));
    }

    /** The secret in the file of {@code --secret-file}. */
    Optional<Secret> secretOption() {
        return Optional.ofNullable(options.secretFile)
                .map(file -> Secret.read(shell.directory().resolve(file)));
    }

    Optional<Path> givenCa() {
        return Optional.ofNullable(options.ca).map(shell.directory()::resolve);
    }

    private Optional<String> given(@Nullable String option, String variable) {
        return Optional.ofNullable(option).or(() -> variable(variable));
    }

    /** Who names a profile on the command line does not mean what the environment says of another server. */
    private Optional<String> variable(String name) {
        return options.profile == null ? shell.variable(name) : Optional.empty();
    }

    private Optional<Credentials> stored() {
        if (options.data != null && options.profile != null) {
            throw Failure.usage("--data and --profile both say which server; give one");
        }
        Optional<Credentials> found = options.data != null
                ? Optional.of(ofNamedFolder(options.data))
                : givenProfile()
                        .map(name -> Profiles.read(shell).credentials(name))
                        .or(() -> shell.variable("JETON_DATA").flatMap(data -> ofFolder(Path.of(data))))
                        .or(this::ofCurrentProfile)
                        .or(() -> ofFolder(Path.of("data")));
        return found.map(credentials -> givenCa()
                .map(ca -> new Credentials(
                        new ServerAddress(credentials.server().issuer(), Optional.of(ca)),
                        credentials.clientId(),
                        credentials.secret(),
                        credentials.source()))
                .orElse(credentials));
    }

    private Optional<Credentials> ofCurrentProfile() {
        Profiles profiles = Profiles.read(shell);
        return profiles.current().map(profiles::credentials);
    }

    private Optional<Credentials> ofFolder(Path data) {
        return new CredentialFile(shell.directory().resolve(data).resolve("cli.json")).read();
    }

    /** A folder named on the command line must hold credentials: to fall back to another server would surprise. */
    private Credentials ofNamedFolder(Path data) {
        return ofFolder(data)
                .orElseThrow(() -> Failure.usage("there is no cli.json in " + data)
                        .mendedBy("./jeton serve --data " + data + " writes it when it first starts"));
    }

    private Failure noServer() {
        if (!Profiles.read(shell).names().isEmpty()) {
            return Failure.usage("no server known: there are profiles, and none is the current one")
                    .mendedBy("choose one with jeton profiles use <name>, or name it with --profile");
        }
        return Failure.usage("no server known: start one here with ./jeton serve,"
                + " or run jeton login --url <url> --client-id <id>");
    }
}
