package dev.jeton.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the server and the credentials for it; the first of these wins: options and environment, the data folder of
 * {@code --data} or JETON_DATA, the file of {@code jeton login}, {@code ./data}. Stored credentials are only ever sent
 * to the server they are stored for.
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
                .orElseThrow(CredentialSources::noServer);
    }

    Credentials credentials() {
        Optional<String> clientId = givenClientId();
        Optional<Secret> secret = givenSecret();
        if (clientId.isPresent() && secret.isPresent()) {
            return new Credentials(server(), clientId.get(), secret.get(), "options and environment");
        }
        if (clientId.isPresent()) {
            throw Failure.usage("the secret of application " + clientId.get()
                    + " is missing: give --secret-file or set JETON_CLIENT_SECRET");
        }
        if (secret.isPresent()) {
            throw Failure.usage("a secret without an application: give --client-id or set JETON_CLIENT_ID");
        }
        Credentials stored = stored().orElseThrow(CredentialSources::noServer);
        Optional<ServerAddress> server = givenUrl().map(url -> ServerAddress.of(url, givenCa()));
        if (server.isPresent() && !server.get().issuer().equals(stored.server().issuer())) {
            throw Failure.usage("no credentials for " + server.get().issuer() + ": those in " + stored.source()
                            + " are for " + stored.server().issuer())
                    .mendedBy("run jeton login --url " + server.get().issuer() + " --client-id <id>");
        }
        return stored;
    }

    Optional<String> givenUrl() {
        return given(options.url, "JETON_URL");
    }

    Optional<String> givenClientId() {
        return given(options.clientId, "JETON_CLIENT_ID");
    }

    Optional<Secret> givenSecret() {
        return secretOption().or(() -> shell.variable("JETON_CLIENT_SECRET").map(Secret::new));
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
        return Optional.ofNullable(option).or(() -> shell.variable(variable));
    }

    private Optional<Credentials> stored() {
        Optional<Credentials> found = options.data != null
                ? Optional.of(ofNamedFolder(options.data))
                : shell.variable("JETON_DATA")
                        .flatMap(data -> ofFolder(Path.of(data)))
                        .or(() -> CredentialFile.ofLogin(shell).read())
                        .or(() -> ofFolder(Path.of("data")));
        return found.map(credentials -> givenCa()
                .map(ca -> new Credentials(
                        new ServerAddress(credentials.server().issuer(), Optional.of(ca)),
                        credentials.clientId(),
                        credentials.secret(),
                        credentials.source()))
                .orElse(credentials));
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

    private static Failure noServer() {
        return Failure.usage("no server known: start one here with ./jeton serve,"
                + " or run jeton login --url <url> --client-id <id>");
    }
}
