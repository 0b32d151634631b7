package dev.jeton.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton grants}: which application may ask for tokens for which API, and with what scopes. */
@Command(
        name = "grants",
        description = "Grants: which application may call which API.",
        footer = {
            "  jeton grants create --app q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo \\",
            "      --api https://timesheets.example.com --scope read:timesheets"
        })
final class GrantsCommand {
    private final Session session;

    GrantsCommand(Session session) {
        this.session = session;
    }

    @Command(
            name = "create",
            description = "Let an application call an API.",
            footer = {
                "  jeton grants create --app q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo \\",
                "      --api https://timesheets.example.com --scope read:timesheets --scope create:timesheets"
            })
    int create(
            @Option(names = "--app", required = true, paramLabel = "ID", description = "Client id of the application.")
                    String app,
            @Option(names = "--api", required = true, paramLabel = "URI", description = "Identifier of the API.")
                    String api,
            @Option(
                            names = "--scope",
                            paramLabel = "SCOPE",
                            description = "Scope it may have, repeatable; none unless given.")
                    @Nullable
                    List<String> scopes) {
        ObjectNode body = Json.object().put("client_id", app).put("audience", api);
        body.set("scope", Json.strings(ScopeList.of(scopes)));
        JsonNode grant = session.api().post("create the grant", clientGrants(), body);
        if (session.json()) {
            session.output().json(grant);
            return 0;
        }
        session.output().line("The grant is created.");
        session.output().blank();
        session.output().table(facts(grant));
        session.output().blank();
        session.output().line("Next, ask for a token:");
        session.output().line("  jeton token --app " + app + " --api " + api);
        return 0;
    }

    @Command(
            name = "list",
            description = "List the grants, all or those of an application or an API.",
            footer = "  jeton grants list --api https://timesheets.example.com")
    int list(
            @Option(names = "--app", paramLabel = "ID", description = "Only of this application.") @Nullable String app,
            @Option(names = "--api", paramLabel = "URI", description = "Only for this API.") @Nullable String api) {
        ApiPath path = clientGrants();
        path = app == null ? path : path.with("client_id", app);
        path = api == null ? path : path.with("audience", api);
        List<JsonNode> grants = session.api().list("list the grants", path, "client_grants");
        if (session.json()) {
            session.output().json(Json.array(grants));
            return 0;
        }
        if (grants.isEmpty()) {
            session.output()
                    .line(
                            "There are no such grants; create one with jeton grants create --app ID --api URI --scope SCOPE");
            return 0;
        }
        Table table = Table.headed("ID", "APPLICATION", "API", "SCOPES");
        for (JsonNode grant : grants) {
            table.row(
                    Json.text(grant, "id"),
                    Json.text(grant, "client_id"),
                    Json.text(grant, "audience"),
                    isForAllScopes(grant) ? "all" : ScopeList.shown(Json.texts(grant, "scope")));
        }
        session.output().table(table);
        return 0;
    }

    @Command(name = "show", description = "Show one grant.", footer = "  jeton grants show cgr_8kTq2Zx0LmPw5RyV")
    int show(@Parameters(paramLabel = "ID", description = "Its id.") String id) {
        JsonNode grant = session.api().get("show the grant", clientGrants().segment(id));
        if (session.json()) {
            session.output().json(grant);
        } else {
            session.output().table(facts(grant));
        }
        return 0;
    }

    @Command(
            name = "update",
            description = "Replace the scopes of a grant.",
            footer = "  jeton grants update cgr_8kTq2Zx0LmPw5RyV --scope read:timesheets")
    int update(
            @Parameters(paramLabel = "ID", description = "Its id.") String id,
            @Option(
                            names = "--scope",
                            required = true,
                            paramLabel = "SCOPE",
                            description = "Scope it may have from now on, repeatable; '' is none.")
                    List<String> scopes) {
        ObjectNode body = Json.object();
        body.set("scope", Json.strings(ScopeList.of(scopes)));
        JsonNode grant = session.api().patch("update the grant", clientGrants().segment(id), body);
        if (session.json()) {
            session.output().json(grant);
            return 0;
        }
        session.output().line("The grant is updated; tokens issued before keep their scopes until they expire.");
        session.output().blank();
        session.output().table(facts(grant));
        return 0;
    }

    @Command(name = "delete", description = "Withdraw a grant.", footer = "  jeton grants delete cgr_8kTq2Zx0LmPw5RyV")
    int delete(@Parameters(paramLabel = "ID", description = "Its id.") String id) {
        session.api().delete("delete the grant", clientGrants().segment(id));
        if (session.json()) {
            session.output().json(Json.object().put("deleted", id));
        } else {
            session.output().line("The grant " + id + " is deleted; tokens issued by it stay valid until they expire.");
        }
        return 0;
    }

    private static ApiPath clientGrants() {
        return ApiPath.of("client-grants");
    }

    private static boolean isForAllScopes(JsonNode grant) {
        return grant.path("allow_all_scopes").asBoolean(false);
    }

    private static Table facts(JsonNode grant) {
        List<String> scopes = Json.texts(grant, "scope");
        Table facts = Table.plain()
                .row("ID", Json.text(grant, "id"))
                .row("Application", Json.text(grant, "client_id"))
                .row("API", Json.text(grant, "audience"));
        if (isForAllScopes(grant) || scopes.isEmpty()) {
            return facts.row("Scopes", isForAllScopes(grant) ? "all of the API's" : "none");
        }
        for (int i = 0; i < scopes.size(); i++) {
            facts.row(i == 0 ? "Scopes" : "", scopes.get(i));
        }
        return facts;
    }
}
