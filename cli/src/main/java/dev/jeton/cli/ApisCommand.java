package dev.jeton.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton apis}: the resource servers, which people know as APIs. */
@Command(
        name = "apis",
        description = "APIs: what tokens are for.",
        footer = "  jeton apis create Timesheets --identifier https://timesheets.example.com")
final class ApisCommand {
    private final Session session;

    ApisCommand(Session session) {
        this.session = session;
    }

    @Command(
            name = "create",
            description = "Create an API.",
            footer = {
                "  jeton apis create Timesheets --identifier https://timesheets.example.com \\",
                "      --scope 'read:timesheets=Read timesheets' --scope create:timesheets"
            })
    int create(
            @Parameters(paramLabel = "NAME", description = "What people call it.") String name,
            @Option(
                            names = "--identifier",
                            required = true,
                            paramLabel = "URI",
                            description = "Its audience, for good: it cannot be changed later.")
                    String identifier,
            @Mixin ApiSettings settings) {
        ObjectNode body = Json.object().put("name", name).put("identifier", identifier);
        settings.writeTo(body, session.shell());
        JsonNode api = session.api().post("create the API", resourceServers(), body);
        if (session.json()) {
            session.output().json(api);
            return 0;
        }
        session.output().line("The API is created.");
        session.output().blank();
        session.output().table(facts(api).fact("Signing secret", Json.text(api, "signing_secret")));
        session.output().blank();
        session.output().line("Next, let an application call it:");
        session.output()
                .line("  jeton grants create --app <client id> --api " + Json.text(api, "identifier")
                        + " --scope <scope>");
        return 0;
    }

    @Command(name = "list", description = "List the APIs.", footer = "  jeton apis list")
    int list() {
        List<JsonNode> apis =
                session.api().list("list the APIs", withoutSecrets(resourceServers()), "resource_servers");
        if (session.json()) {
            session.output().json(Json.array(apis));
            return 0;
        }
        Table table = Table.headed("NAME", "IDENTIFIER", "ALG", "TOKEN LIFETIME", "SCOPES");
        for (JsonNode api : apis) {
            table.row(
                    Json.text(api, "name"),
                    Json.text(api, "identifier"),
                    Json.text(api, "signing_alg"),
                    Moment.duration(api.path("token_lifetime").asLong(0)),
                    String.valueOf(api.path("scopes").size()));
        }
        session.output().table(table);
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one API and its scopes.",
            footer = "  jeton apis show https://timesheets.example.com")
    int show(
            @Parameters(paramLabel = "ID", description = "Its id or identifier.") String id,
            @Option(names = "--reveal-secrets", description = "Show the signing secret of an API with HS256 too.")
                    boolean revealSecrets) {
        ApiPath path = resourceServer(id);
        JsonNode api = session.api().get("show the API", revealSecrets ? path : withoutSecrets(path));
        if (session.json()) {
            session.output().json(api);
            return 0;
        }
        Table facts = facts(api);
        if (revealSecrets) {
            facts.fact("Signing secret", Json.text(api, "signing_secret"));
        }
        session.output().table(facts);
        if (!api.path("scopes").isEmpty()) {
            session.output().blank();
            Table scopes = Table.headed("SCOPE", "DESCRIPTION");
            api.path("scopes").values().forEach(s -> scopes.row(Json.text(s, "value"), Json.text(s, "description")));
            session.output().table(scopes);
        }
        return 0;
    }

    @Command(
            name = "update",
            description = "Change an API; what is not given stays as it is.",
            footer = "  jeton apis update https://timesheets.example.com --token-lifetime 3600")
    int update(
            @Parameters(paramLabel = "ID", description = "Its id or identifier.") String id,
            @Option(names = "--name", paramLabel = "NAME", description = "A new name.") @Nullable String name,
            @Mixin ApiSettings settings) {
        ObjectNode body = Json.object();
        if (name != null) {
            body.put("name", name);
        }
        settings.writeTo(body, session.shell());
        if (body.isEmpty()) {
            throw Failure.usage("nothing to change: give at least one option, see jeton apis update --help");
        }
        JsonNode api = session.api().patch("update the API", resourceServer(id), body);
        if (session.json()) {
            session.output().json(api);
            return 0;
        }
        session.output().line("The API is updated.");
        session.output().blank();
        session.output().table(facts(api));
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete an API and every grant for it.",
            footer = "  jeton apis delete https://timesheets.example.com")
    int delete(
            @Parameters(paramLabel = "ID", description = "Its id or identifier.") String id,
            @Option(names = "--yes", description = "Do not ask first.") boolean yes) {
        if (!yes) {
            confirmDeletion(id);
        }
        session.api().delete("delete the API", resourceServer(id));
        if (session.json()) {
            session.output().json(Json.object().put("deleted", id));
        } else {
            session.output().line("The API " + id + " is deleted; tokens for it stay valid until they expire.");
        }
        return 0;
    }

    private void confirmDeletion(String id) {
        session.requirePrompt();
        String goal = "delete the API";
        JsonNode api = session.api().get(goal, withoutSecrets(resourceServer(id)));
        String identifier = Json.text(api, "identifier");
        int grants = session.api()
                .list(goal, ApiPath.of("client-grants").with("audience", identifier), "client_grants")
                .size();
        String name = Json.text(api, "name");
        session.confirm(
                "This deletes the API '" + name + "' (" + identifier + ") and the grants for it: " + grants + ".",
                name,
                id);
    }

    private static ApiPath resourceServers() {
        return ApiPath.of("resource-servers");
    }

    static ApiPath resourceServer(String id) {
        return resourceServers().segment(id);
    }

    static ApiPath withoutSecrets(ApiPath path) {
        return path.with("fields", "signing_secret").with("include_fields", "false");
    }

    private static Table facts(JsonNode api) {
        String dialect = Json.text(api, "token_dialect");
        return Table.plain()
                .fact("Name", Json.text(api, "name"))
                .row("Identifier", Json.text(api, "identifier"))
                .row("ID", Json.text(api, "id"))
                .row(
                        "Token lifetime",
                        Moment.duration(api.path("token_lifetime").asLong(0)))
                .row("Signed with", Json.text(api, "signing_alg"))
                .row("Token dialect", dialect.isEmpty() ? "access_token" : dialect)
                .row("Scopes", String.valueOf(api.path("scopes").size()));
    }
}
