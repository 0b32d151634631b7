package dev.jeton.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The request for a token that a Hook or an Action is tested with. */
final class SampleRequest {
    private static final int MAX_BODY_BYTES = 1_000_000;
    private static final String SAMPLE_AUDIENCE = "https://api.example.com";

    @Option(
            names = "--app",
            paramLabel = "ID",
            description = "Client id of the application that asks; a made-up one unless given.")
    @Nullable
    String app;

    @Option(names = "--api", paramLabel = "URI", description = "Identifier of the API it asks for.")
    @Nullable
    String api;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = {
                "Scope the token is about to have, repeatable;",
                "unless given all that --app was granted for --api."
            })
    @Nullable
    List<String> scopes;

    @Option(
            names = "--body",
            paramLabel = "FILE",
            description = "File with the whole sample as JSON, instead of the other options; - is standard input.")
    @Nullable
    Path body;

    /** Has the server run the code for it. */
    RehearsalReport test(Extension.Kind kind, String which, Session session) {
        String goal = "test the " + kind.word();
        ObjectNode rehearsal = Json.object();
        rehearsal.set("payload", payload(kind, session, goal));
        Extension extension = kind.find(which, session.api(), goal);
        return new RehearsalReport(
                extension, session.api().postPatiently(goal, extension.path().then("test"), rehearsal));
    }

    private ObjectNode payload(Extension.Kind kind, Session session, String goal) {
        Path file = body;
        if (file == null) {
            return switch (kind) {
                case HOOK -> arguments(session, goal);
                case ACTION -> event(session, goal);
            };
        }
        if (app != null || api != null || scopes != null) {
            throw Failure.usage("--body is the whole sample: leave out --app, --api and --scope");
        }
        String text = new InputFile("the sample", file).read(session.shell(), MAX_BODY_BYTES);
        try {
            if (Json.parse(text) instanceof ObjectNode sample) {
                return sample;
            }
        } catch (JacksonException e) {
            throw Failure.usage("the sample in " + file + " is not JSON: " + e.getOriginalMessage());
        }
        throw Failure.usage("the sample in " + file + " is no JSON object");
    }

    /** What a Hook is called with; the server makes up what is left out. */
    private ObjectNode arguments(Session session, String goal) {
        ObjectNode payload = Json.object();
        if (api != null) {
            payload.put("audience", api);
        }
        if (app != null) {
            JsonNode client = client(app, session, goal);
            payload.putObject("client")
                    .put("id", Json.text(client, "client_id"))
                    .put("name", Json.text(client, "name"))
                    .put("tenant", tenant(session))
                    .set("metadata", metadata(client));
        }
        payload.set("scope", Json.strings(scope(session, goal)));
        return payload;
    }

    /** As the server decides it: what was asked for or, if nothing was, all that is granted. */
    private List<String> scope(Session session, String goal) {
        if (scopes != null || app == null || api == null) {
            return ScopeList.of(scopes);
        }
        ApiPath grants = ApiPath.of("client-grants").with("client_id", app).with("audience", api);
        List<JsonNode> found = session.api().list(goal, grants, "client_grants");
        return found.stream().anyMatch(grant -> grant.path("allow_all_scopes").asBoolean(false))
                ? scopesOfApi(session, goal, api)
                : found.stream()
                        .flatMap(grant -> Json.texts(grant, "scope").stream())
                        .toList();
    }

    private static List<String> scopesOfApi(Session session, String goal, String api) {
        JsonNode server = session.api().get(goal, ApiPath.of("resource-servers").segment(api));
        return server.path("scopes").values().stream()
                .map(scope -> Json.text(scope, "value"))
                .toList();
    }

    /** What an Action is called with, all of it: the server makes up nothing. */
    private ObjectNode event(Session session, String goal) {
        JsonNode client = app == null
                ? Json.object().put("client_id", "sample-client").put("name", "Sample application")
                : client(app, session, goal);
        String clientId = Json.text(client, "client_id");
        String audience = api == null ? SAMPLE_AUDIENCE : api;
        List<String> asked = ScopeList.of(scopes);
        ObjectNode event = Json.object();
        ObjectNode accessToken = event.putObject("accessToken");
        accessToken.putObject("customClaims");
        accessToken.set("scope", Json.strings(scope(session, goal)));
        event.putObject("client")
                .put("client_id", clientId)
                .put("name", Json.text(client, "name"))
                .set("metadata", metadata(client));
        ObjectNode form = event.putObject("request")
                .put("method", "POST")
                .put("ip", "127.0.0.1")
                .put("hostname", tenant(session))
                .put("user_agent", "jeton")
                .putObject("body")
                .put("grant_type", "client_credentials")
                .put("client_id", clientId)
                .put("audience", audience);
        if (!asked.isEmpty()) {
            form.put("scope", String.join(" ", asked));
        }
        event.putObject("resource_server").put("identifier", audience);
        event.putObject("tenant").put("id", tenant(session));
        event.putObject("transaction").set("requested_scopes", Json.strings(asked));
        return event;
    }

    private static JsonNode client(String id, Session session, String goal) {
        return session.api().get(goal, AppsCommand.withoutSecrets(AppsCommand.client(id)));
    }

    private static ObjectNode metadata(JsonNode client) {
        return client.path("client_metadata") instanceof ObjectNode metadata ? metadata : Json.object();
    }

    /** As in a real request: the server's host. */
    private static String tenant(Session session) {
        return session.sources().server().issuer().getHost();
    }
}
