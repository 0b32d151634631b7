package dev.jeton.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton apps}: the clients, which people know as applications. */
@Command(
        name = "apps",
        description = "Applications: the programs that ask for tokens.",
        footer = "  jeton apps create 'Billing worker'")
final class AppsCommand {
    private static final String SECRETS = "client_secret,signing_keys,encryption_key";

    private final Session session;

    AppsCommand(Session session) {
        this.session = session;
    }

    @Command(
            name = "create",
            description = "Create an application; shows its client id and its secret.",
            footer = "  jeton apps create 'Billing worker' --description 'Sends invoices at night'")
    int create(
            @Parameters(paramLabel = "NAME", description = "What people call it.") String name,
            @Mixin AppSettings settings) {
        ObjectNode body = Json.object().put("name", name).put("app_type", "non_interactive");
        body.set("grant_types", Json.strings(List.of("client_credentials")));
        settings.writeTo(body);
        JsonNode app = session.api().post("create the application", clients(), body);
        if (session.json()) {
            session.output().json(app);
            return 0;
        }
        session.output().line("The application is created.");
        session.output().blank();
        session.output().table(facts(app).fact("Client secret", Json.text(app, "client_secret")));
        session.output().blank();
        session.output().line("Next, let it call an API:");
        session.output()
                .line("  jeton grants create --app " + Json.text(app, "client_id")
                        + " --api <identifier> --scope <scope>");
        return 0;
    }

    @Command(name = "list", description = "List the applications.", footer = "  jeton apps list --json")
    int list() {
        List<JsonNode> apps = session.api().list("list the applications", withoutSecrets(clients()), "clients");
        if (session.json()) {
            session.output().json(Json.array(apps));
            return 0;
        }
        if (apps.isEmpty()) {
            session.output().line("There are no applications yet; create one with jeton apps create NAME");
            return 0;
        }
        Table table = Table.headed("NAME", "CLIENT ID", "TYPE", "AUTHENTICATION");
        for (JsonNode app : apps) {
            table.row(
                    Json.text(app, "name"),
                    Json.text(app, "client_id"),
                    Json.text(app, "app_type"),
                    authentication(app));
        }
        session.output().table(table);
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one application.",
            footer = "  jeton apps show q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo --reveal-secrets")
    int show(
            @Parameters(paramLabel = "ID", description = "Its client id.") String id,
            @Option(
                            names = "--reveal-secrets",
                            description = "Show its secret too; the server's log records who read it.")
                    boolean revealSecrets) {
        ApiPath path = client(id);
        JsonNode app = session.api().get("show the application", revealSecrets ? path : withoutSecrets(path));
        if (session.json()) {
            session.output().json(app);
            return 0;
        }
        Table facts = facts(app);
        if (revealSecrets) {
            String secret = Json.text(app, "client_secret");
            facts.row(
                    "Client secret",
                    secret.isEmpty()
                            ? "not revealed: the server keeps only its digest (secrets.reveal: false),"
                                    + " or the scope read:client_keys is missing"
                            : secret);
        }
        session.output().table(facts);
        return 0;
    }

    @Command(
            name = "update",
            description = "Change an application; what is not given stays as it is.",
            footer = "  jeton apps update q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo --metadata region=eu")
    int update(
            @Parameters(paramLabel = "ID", description = "Its client id.") String id,
            @Option(names = "--name", paramLabel = "NAME", description = "A new name.") @Nullable String name,
            @Mixin AppSettings settings,
            @Option(
                            names = "--remove-metadata",
                            paramLabel = "KEY",
                            description = "Metadata key to remove, repeatable.")
                    @Nullable
                    List<String> removedMetadata) {
        ObjectNode body = Json.object();
        if (name != null) {
            body.put("name", name);
        }
        settings.writeTo(body);
        if (removedMetadata != null) {
            removedMetadata.forEach(body.withObjectProperty("client_metadata")::putNull);
        }
        if (body.isEmpty()) {
            throw Failure.usage("nothing to change: give at least one option, see jeton apps update --help");
        }
        JsonNode app = session.api().patch("update the application", client(id), body);
        if (session.json()) {
            session.output().json(app);
            return 0;
        }
        session.output().line("The application is updated.");
        session.output().blank();
        session.output().table(facts(app));
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete an application, its secret and its grants.",
            footer = "  jeton apps delete q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo")
    int delete(
            @Parameters(paramLabel = "ID", description = "Its client id.") String id,
            @Option(names = "--yes", description = "Do not ask first.") boolean yes) {
        if (!yes) {
            confirmDeletion(id);
        }
        session.api().delete("delete the application", client(id));
        if (session.json()) {
            session.output().json(Json.object().put("deleted", id));
        } else {
            session.output()
                    .line("The application " + id + " is deleted; tokens it holds stay valid until they expire.");
        }
        return 0;
    }

    private void confirmDeletion(String id) {
        session.requirePrompt();
        String goal = "delete the application";
        JsonNode app = session.api().get(goal, withoutSecrets(client(id)));
        int grants = session.api()
                .list(goal, ApiPath.of("client-grants").with("client_id", id), "client_grants")
                .size();
        String name = Json.text(app, "name");
        session.confirm(
                "This deletes the application '" + name + "' (" + id + "), its secret and its grants: " + grants + ".",
                name,
                id);
    }

    @Command(
            name = "rotate-secret",
            description = "Give an application a new secret; the old one ends.",
            footer = "  jeton apps rotate-secret q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo")
    int rotateSecret(@Parameters(paramLabel = "ID", description = "Its client id.") String id) {
        JsonNode app = session.api().post("rotate the secret", client(id).then("rotate-secret"));
        if (session.json()) {
            session.output().json(app);
            return 0;
        }
        session.output().line("The secret is new; the old one no longer works.");
        session.output().blank();
        session.output()
                .table(Table.plain()
                        .row("Client ID", Json.text(app, "client_id"))
                        .row("Client secret", Json.text(app, "client_secret")));
        return 0;
    }

    static ApiPath client(String id) {
        return clients().segment(id);
    }

    private static ApiPath clients() {
        return ApiPath.of("clients");
    }

    /** Leaves the secrets at the server: reading them is recorded there, and a list needs none. */
    static ApiPath withoutSecrets(ApiPath path) {
        return path.with("fields", SECRETS).with("include_fields", "false");
    }

    /** For when {@code asker} was told of the application without its secret. */
    static Failure untoldSecret(String goal, String id, String asker) {
        return Failure.refused("cannot " + goal + ": the server does not tell the secret of " + id
                + "; it keeps only a digest (secrets.reveal: false), the application has no secret, or " + asker
                + " lacks the scope read:client_keys");
    }

    private static Table facts(JsonNode app) {
        Table facts = Table.plain()
                .row("Name", Json.text(app, "name"))
                .row("Client ID", Json.text(app, "client_id"))
                .fact("Description", Json.text(app, "description"))
                .fact("Type", Json.text(app, "app_type"))
                .row("Authentication", authentication(app))
                .fact("Grant types", String.join(" ", Json.texts(app, "grant_types")));
        app.path("client_metadata").forEachEntry((key, value) -> facts.row("Metadata " + key, Json.text(value)));
        return facts;
    }

    /** The registered method; without one the secret is taken either way. */
    private static String authentication(JsonNode app) {
        Optional<String> withKey = app.path("client_authentication_methods").propertyNames().stream()
                .findFirst();
        String method = Json.text(app, "token_endpoint_auth_method");
        return withKey.orElse(method.isEmpty() ? "in the body or by Basic" : method);
    }
}
