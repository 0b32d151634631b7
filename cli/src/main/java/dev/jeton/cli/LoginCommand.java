package dev.jeton.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code jeton login}: stores the credentials for a server elsewhere, once they have proved right. */
@Command(
        name = "login",
        description = {
            "Store a server's address and credentials as a profile, and make it the current one.",
            "",
            "Profiles are in ~/.config/jeton/cli.json, for this user only.",
            "",
            "Takes --url, --client-id, --ca and --profile, which is 'default' unless given; the secret is asked for,"
                    + " or comes from --secret-file or JETON_CLIENT_SECRET."
        },
        footer = {
            "  jeton login --url https://auth.example.com --client-id q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo",
            "  jeton login --profile staging --url https://auth.staging.example.com --client-id 4mXw9… --ca ca.pem"
        })
final class LoginCommand implements Callable<Integer> {
    private final Session session;

    LoginCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CredentialSources sources = session.sources();
        Shell shell = session.shell();
        String profile = sources.givenProfile().orElse(Profiles.DEFAULT);
        Profiles.checkName(profile);
        String url = sources.givenUrl()
                .or(() -> shell.variable("JETON_URL"))
                .orElseThrow(() -> Failure.usage("which server? give --url"));
        String clientId = sources.givenClientId()
                .or(() -> shell.variable("JETON_CLIENT_ID"))
                .orElseThrow(() -> Failure.usage("who? give --client-id"));
        ServerAddress server = ServerAddress.of(url, sources.givenCa());
        refuseAnother(Profiles.read(shell), profile, server);
        Secret secret = sources.givenSecret()
                .or(() -> shell.variable("JETON_CLIENT_SECRET").map(Secret::new))
                .or(this::typedSecret)
                .orElseThrow(
                        () -> Failure.usage(
                                "there is no terminal to ask for the secret at; give --secret-file or set JETON_CLIENT_SECRET"));
        Credentials credentials = new Credentials(server, clientId, secret, "what was given");
        session.api(credentials).authenticate();
        Profiles profiles = Profiles.read(shell); // again: somebody may have logged in from another window meanwhile
        refuseAnother(profiles, profile, server);
        profiles.put(profile, credentials);
        if (session.json()) {
            session.output()
                    .json(Json.object()
                            .put("profile", profile)
                            .put("url", server.issuer().toString())
                            .put("client_id", clientId)
                            .put("file", profiles.path().toString()));
            return 0;
        }
        session.output()
                .line("Logged in to " + server.issuer() + " as profile " + profile
                        + ", now the current one; the credentials are in " + profiles.path());
        return 0;
    }

    /** Who forgot --profile would lose the secret of another server. */
    private static void refuseAnother(Profiles profiles, String profile, ServerAddress server) {
        if (!profiles.names().contains(profile)) {
            return;
        }
        String stored = Json.text(profiles.json(profile), "issuer");
        if (!stored.equals(server.issuer().toString())) {
            throw Failure.usage("profile " + profile + " is for " + stored)
                    .mendedBy("give another name with --profile, or forget that one first: jeton logout --profile "
                            + profile);
        }
    }

    private Optional<Secret> typedSecret() {
        return session.prompt()
                .map(prompt -> prompt.askWithoutEcho("Client secret (it does not show):"))
                .filter(secret -> !secret.isEmpty())
                .map(Secret::new);
    }
}
