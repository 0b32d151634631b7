package dev.jeton.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton token}: asks for an access token as a program would. */
@Command(
        name = "token",
        description = {
            "Ask for an access token and print it, nothing else.",
            "",
            "With --app, --secret-file is that application's; without --secret-file its secret is read over"
                    + " the management API, which the log records."
        },
        footer = {
            "  curl -H \"Authorization: Bearer $(jeton token --app q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo \\",
            "      --api https://timesheets.example.com)\" https://timesheets.example.com/timesheets"
        })
final class TokenCommand implements Callable<Integer> {
    private static final String GOAL = "get a token";

    private final Session session;

    @Option(names = "--api", required = true, paramLabel = "URI", description = "Identifier of the API it is for.")
    String api = "";

    @Option(
            names = "--app",
            paramLabel = "ID",
            description = "Client id of the application to ask as; the command line's own unless given.")
    @Nullable
    String app;

    @Option(
            names = "--auth-method",
            paramLabel = "METHOD",
            completionCandidates = Choices.AuthenticationMethods.class,
            description = "client_secret_post or client_secret_basic; as the application is set up, where known.")
    @Nullable
    String authMethod;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "Scope to ask for, repeatable; all that is granted unless given.")
    @Nullable
    List<String> scopes;

    @Option(names = "--decode", description = "Show what is in the token instead of the token.")
    boolean decode;

    TokenCommand(Session session) {
        this.session = session;
    }

    /** Who asks, where, and how the secret travels. */
    private record Asker(ServerAddress server, String clientId, Secret secret, String registeredMethod) {}

    @Override
    public Integer call() {
        Asker asker = asker();
        TokenRequest request = new TokenRequest(
                asker.clientId(),
                asker.secret(),
                authMethod == null
                        ? TokenRequest.Authentication.named(asker.registeredMethod())
                        : TokenRequest.Authentication.given(authMethod),
                api,
                ScopeList.of(scopes));
        Answer answer = request.send(GOAL, session.server(asker.server()));
        String token = Json.text(answer.body(), "access_token");
        if (!answer.isSuccess()) {
            throw refusal(asker.clientId(), answer);
        }
        if (token.isEmpty()) {
            throw Failure.refused("cannot " + GOAL + ": the answer has no access_token");
        }
        if (decode) {
            show(UnverifiedToken.decode(token));
        } else if (session.json()) {
            session.output().json(answer.body());
        } else {
            session.output().line(token);
        }
        return 0;
    }

    private Asker asker() {
        String client = app;
        if (client == null) {
            Credentials own = session.sources().credentials();
            return new Asker(own.server(), own.clientId(), own.secret(), "");
        }
        return session.sources()
                .secretOption()
                .map(secret -> new Asker(session.sources().server(), client, secret, ""))
                .orElseGet(() -> known(client));
    }

    /** An application whose secret the server tells. */
    private Asker known(String client) {
        Credentials own = session.sources().credentials();
        JsonNode found = session.api(own).get("read the application's secret", AppsCommand.client(client));
        String secret = Json.text(found, "client_secret");
        if (secret.isEmpty()) {
            throw AppsCommand.untoldSecret(GOAL, client, own.clientId())
                    .mendedBy("give the secret with --secret-file, or make a new one with jeton apps rotate-secret "
                            + client);
        }
        return new Asker(own.server(), client, new Secret(secret), Json.text(found, "token_endpoint_auth_method"));
    }

    private void show(UnverifiedToken token) {
        if (session.json()) {
            ObjectNode both = Json.object();
            both.set("header", token.header());
            both.set("claims", token.claims());
            session.output().json(both);
            return;
        }
        session.output().table(new ClaimTable(session.shell().clock().instant()).of(token));
        session.output().blank();
        session.output()
                .line("Not checked; to check it, pipe the token without --decode into: jeton verify --api " + api);
    }

    private Failure refusal(String client, Answer answer) {
        String reason = answer.reason();
        Failure failure = Failure.of(GOAL, answer);
        if (answer.status() == 401) {
            return failure.mendedBy("check the client id " + client + " and its secret");
        }
        if (reason.contains("client-grant") || answer.errorCode().equals("invalid_target")) {
            return failure.mendedBy("jeton grants create --app " + client + " --api " + api + " --scope <scope>");
        }
        if (reason.contains("Service not enabled")) {
            return failure.mendedBy("see the identifiers with jeton apis list; a slash at the end counts");
        }
        if (reason.contains("granted scopes") || answer.errorCode().equals("invalid_scope")) {
            return failure.mendedBy("see what is granted with jeton grants list --app " + client + " --api " + api);
        }
        return failure;
    }
}
