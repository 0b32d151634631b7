package dev.jeton.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code jeton login}: stores the credentials for a server elsewhere, once they have proved right. */
@Command(
        name = "login",
        description = {
            "Store a server's address and credentials in ~/.config/jeton/cli.json, for this user only.",
            "",
            "Takes --url, --client-id and --ca; the secret is asked for, or comes from --secret-file or"
                    + " JETON_CLIENT_SECRET."
        },
        footer = "  jeton login --url https://auth.example.com --client-id q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo")
final class LoginCommand implements Callable<Integer> {
    private final Session session;

    LoginCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CredentialSources sources = session.sources();
        String url = sources.givenUrl().orElseThrow(() -> Failure.usage("which server? give --url"));
        String clientId = sources.givenClientId().orElseThrow(() -> Failure.usage("who? give --client-id"));
        ServerAddress server = ServerAddress.of(url, sources.givenCa());
        Secret secret = sources.givenSecret()
                .or(this::typedSecret)
                .orElseThrow(
                        () -> Failure.usage(
                                "there is no terminal to ask for the secret at; give --secret-file or set JETON_CLIENT_SECRET"));
        Credentials credentials = new Credentials(server, clientId, secret, "what was given");
        session.api(credentials).authenticate();
        CredentialFile file = CredentialFile.ofLogin(session.shell());
        file.write(credentials);
        session.output().line("Logged in to " + server.issuer() + "; the credentials are in " + file.path());
        return 0;
    }

    private Optional<Secret> typedSecret() {
        return session.prompt()
                .map(prompt -> prompt.askWithoutEcho("Client secret (it does not show):"))
                .filter(secret -> !secret.isEmpty())
                .map(Secret::new);
    }
}
