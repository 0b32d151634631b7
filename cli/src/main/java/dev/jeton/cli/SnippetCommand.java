package dev.jeton.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton snippet}: a program to copy, with the values of this server, an application and an API in it. */
@Command(
        name = "snippet",
        description = {
            "Print a program that asks for a token, calls an API or checks tokens.",
            "",
            "Without a language: list what there is."
        },
        footer = {
            "  jeton snippet python --app 'Billing worker' --api https://timesheets.example.com > token.py",
            "  jeton snippet spring --api https://timesheets.example.com"
        })
final class SnippetCommand implements Callable<Integer> {
    private static final String GOAL = "write the program";

    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "LANGUAGE",
            completionCandidates = Choices.SnippetNames.class,
            description = "The language, or the library, by its name.")
    @Nullable
    String language;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            completionCandidates = Choices.SnippetTasks.class,
            description = "token (ask for one), call (an API, with a token) or verify (tokens, in an API); the first of"
                    + " these that there is in the language unless given.")
    @Nullable
    String task;

    @Option(names = "--app", paramLabel = "ID", description = "Client id or name of the application that asks.")
    @Nullable
    String app;

    @Option(names = "--api", paramLabel = "URI", description = "Identifier of the API.")
    @Nullable
    String api;

    @Option(names = "--api-url", paramLabel = "URL", description = "For --task call: what to call.")
    @Nullable
    String apiUrl;

    @Option(
            names = "--with-secret",
            description = "Write the application's secret into it; the server's log records who read it.")
    boolean withSecret;

    SnippetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Snippet> candidates = Snippet.all().stream()
                .filter(snippet -> task == null || snippet.task().equals(task))
                .toList();
        if (candidates.isEmpty()) {
            throw Failure.usage("--task is token, call or verify, not '" + task + "'");
        }
        if (language == null) {
            list(candidates);
        } else {
            show(find(language, candidates));
        }
        return 0;
    }

    private void list(List<Snippet> snippets) {
        if (session.json()) {
            session.output()
                    .json(Json.array(snippets.stream().map(Snippet::facts).toList()));
            return;
        }
        Table table = Table.headed("LANGUAGE", "NAME", "TASK", "RUN BY THE TESTS");
        snippets.forEach(snippet ->
                table.row(snippet.language(), snippet.name(), snippet.task(), snippet.isExecuted() ? "yes" : "no"));
        session.output().table(table);
    }

    private static Snippet find(String language, List<Snippet> candidates) {
        return candidates.stream()
                .filter(snippet -> snippet.isCalled(language))
                .findFirst()
                .orElseThrow(() -> Failure.usage("there is no such program in '" + language + "', only in "
                                + candidates.stream()
                                        .map(Snippet::name)
                                        .distinct()
                                        .collect(Collectors.joining(", ")))
                        .mendedBy("see what there is with jeton snippet"));
    }

    private void show(Snippet snippet) {
        List<String> placeholders = snippet.placeholders();
        Map<String, String> values = values(snippet, placeholders);
        String text = snippet.with(values);
        List<String> missing =
                placeholders.stream().filter(name -> !values.containsKey(name)).toList();
        if (session.json()) {
            ObjectNode shown = Json.object();
            shown.setAll((ObjectNode) snippet.facts());
            shown.put("text", text).set("missing", Json.strings(missing));
            session.output().json(shown);
            return;
        }
        session.output().verbatim(text);
        missing.forEach(name -> session.notes().note(Snippet.blank(name) + " stands for " + whatBelongs(name)));
    }

    private Map<String, String> values(Snippet snippet, List<String> placeholders) {
        Map<String, String> values = new LinkedHashMap<>();
        if (placeholders.contains("audience")) {
            values.put("audience", identifier(snippet, required("--api", api)));
        }
        if (placeholders.contains("client_id")) {
            JsonNode client = client(required("--app", app));
            warnOfTransport(client);
            values.put("client_id", Json.text(client, "client_id"));
            if (withSecret && placeholders.contains("client_secret")) {
                values.put("client_secret", secret(Json.text(client, "client_id")));
            }
        }
        if (placeholders.contains("token_url") || placeholders.contains("issuer")) {
            ServerAddress server = session.sources().server();
            values.put("token_url", server.at("oauth/token").toString());
            values.put("issuer", server.issuer().toString());
        }
        if (apiUrl != null) {
            values.put("api_url", apiUrl);
        }
        return values;
    }

    private static String required(String option, @Nullable String value) {
        if (value == null) {
            throw Failure.usage("give " + option + ": it is written into the program");
        }
        return value;
    }

    private String identifier(Snippet snippet, String idOrIdentifier) {
        JsonNode found =
                session.api().get(GOAL, ApisCommand.withoutSecrets(ApisCommand.resourceServer(idOrIdentifier)));
        if (snippet.task().equals("verify") && Json.text(found, "signing_alg").equals("HS256")) {
            session.notes()
                    .warning(
                            "tokens for this API are signed with HS256, whose key is not published: the program refuses"
                                    + " them");
        }
        return Json.text(found, "identifier");
    }

    private JsonNode client(String idOrName) {
        return session.api()
                .find(GOAL, AppsCommand.withoutSecrets(AppsCommand.client(idOrName)))
                .orElseGet(() -> named(idOrName));
    }

    private JsonNode named(String name) {
        ApiPath few = ApiPath.of("clients").with("fields", "client_id,name,token_endpoint_auth_method");
        List<JsonNode> found = session.api().list(GOAL, few.with("include_fields", "true"), "clients").stream()
                .filter(client -> Json.text(client, "name").equals(name))
                .toList();
        return switch (found.size()) {
            case 1 -> found.getFirst();
            case 0 ->
                throw Failure.refused(
                                "cannot " + GOAL + ": no application has the client id or the name '" + name + "'")
                        .mendedBy("see the client ids with jeton apps list");
            default ->
                throw Failure.refused(
                                "cannot " + GOAL + ": " + found.size() + " applications are called '" + name + "'")
                        .mendedBy("give the client id: "
                                + found.stream()
                                        .map(client -> Json.text(client, "client_id"))
                                        .collect(Collectors.joining(" or ")));
        };
    }

    private String secret(String clientId) {
        JsonNode whole = session.api().get("read the application's secret", AppsCommand.client(clientId));
        String secret = Json.text(whole, "client_secret");
        if (secret.isEmpty()) {
            throw AppsCommand.untoldSecret(
                            GOAL, clientId, session.sources().credentials().clientId())
                    .mendedBy("leave out --with-secret and put the secret in yourself");
        }
        return secret;
    }

    private void warnOfTransport(JsonNode client) {
        String method = Json.text(client, "token_endpoint_auth_method");
        if (!method.isEmpty() && !method.equals("client_secret_post")) {
            session.notes()
                    .warning("the application is set up for " + method
                            + ", and the program sends the secret in the body: " + "jeton apps update "
                            + Json.text(client, "client_id") + " --auth-method client_secret_post");
        }
    }

    private static String whatBelongs(String placeholder) {
        return switch (placeholder) {
            case "client_secret" -> "the application's secret; --with-secret writes it";
            case "access_token" -> "an access token; jeton token prints one";
            case "api_url" -> "the URL to call; --api-url writes it";
            default -> throw new IllegalStateException("nothing is known of " + placeholder);
        };
    }
}
