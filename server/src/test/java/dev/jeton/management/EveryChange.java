package dev.jeton.management;

import dev.jeton.TestServer;
import dev.jeton.administrator.Browser;
import dev.jeton.administrator.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An example of each operation of the management API that changes something, on a registry with things in it. */
final class EveryChange {
    static final String API = "https://every-change.example.com";
    private static final Map<String, String> CREDENTIAL =
            Map.of("credential_type", "cert_subject_dn", "subject_dn", "CN=every change");
    private static final String HOOK = """
            module.exports = (client, scope, audience, context, cb) =>
                cb(null, {scope, 'https://example.com/by': '%s'});""";
    private static final List<?> TRIGGERS = List.of(Map.of("id", "credentials-exchange", "version", "v2"));
    private static final String BINDINGS = "actions/triggers/credentials-exchange/bindings";

    /** A request below {@code /api/v2/}. */
    record Change(String method, String path, @Nullable Object body) {}

    /** They only try things out. */
    static final Set<String> CHANGE_NOTHING = Set.of("POST /hooks/{id}/test", "POST /actions/actions/{id}/test");

    private final TestServer server;
    private final JsonNode job;
    private final Map<String, Supplier<Change>> examples = new LinkedHashMap<>();
    private int names;

    /** @param server has a Hook and an Action at work when this returns */
    EveryChange(TestServer server) {
        this.server = server;
        server.createApi(API, List.of("read:x", "write:x"), Map.of());
        this.job = server.createClient("Job", Map.of());
        server.createGrant(clientId(job), API, List.of("read:x"));
        hook(true);
        server.managed("PATCH", BINDINGS, bindings(deployedAction()));
        clients();
        credentials();
        resourceServers();
        clientGrants();
        hooks();
        actions();
        administrators();
        theRest();
    }

    /** By method and pattern; each prepares what its change needs. */
    Map<String, Supplier<Change>> examples() {
        return examples;
    }

    /** Those operations of the server's that are to be found among the examples. */
    static Set<String> operations(TestServer server) {
        return server.server().routes().stream()
                .filter(route -> route.pattern().startsWith("/api/v2/")
                        && !route.method().equals("GET")
                        && !route.access().equals("unsupported"))
                .map(route -> route.method() + " " + route.pattern().substring("/api/v2".length()))
                .filter(operation -> !CHANGE_NOTHING.contains(operation))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Has a grant for {@link #API} that no example touches. */
    JsonNode job() {
        return job;
    }

    private void example(String operation, Supplier<Change> change) {
        examples.put(operation, change);
    }

    private String name() {
        names++;
        return "example-" + names;
    }

    private static String clientId(JsonNode client) {
        return client.path("client_id").asString();
    }

    private String made(String path, Object body) {
        return server.managed("POST", path, body).path("id").asString();
    }

    private String client() {
        return clientId(server.createClient(name(), Map.of()));
    }

    private String api() {
        String identifier = "https://" + name() + ".example.com";
        server.createApi(identifier, List.of("read:x", "write:x"), Map.of());
        return identifier;
    }

    private void clients() {
        example(
                "POST /clients",
                () -> new Change(
                        "POST",
                        "clients",
                        Map.of(
                                "name",
                                name(),
                                "jwt_configuration",
                                Map.of("alg", "RS256"),
                                "client_authentication_methods",
                                Map.of("tls_client_auth", Map.of("credentials", List.of(CREDENTIAL))))));
        example("PUT /clients/{id}", () -> new Change("PUT", "clients/" + name(), Map.of("name", "Under its id")));
        example(
                "PATCH /clients/{id}",
                () -> new Change(
                        "PATCH", "clients/" + client(), Map.of("name", "Renamed", "client_secret", "another secret")));
        example("DELETE /clients/{id}", () -> {
            String client = client();
            server.createGrant(client, API, List.of("read:x"));
            server.createGrant(client, api(), List.of());
            server.managed("POST", "clients/" + client + "/credentials", CREDENTIAL);
            return new Change("DELETE", "clients/" + client, null);
        });
        example(
                "POST /clients/{id}/rotate-secret",
                () -> new Change("POST", "clients/" + client() + "/rotate-secret", null));
    }

    private void credentials() {
        String one = "/clients/{client_id}/credentials/{credential_id}";
        example(
                "POST /clients/{client_id}/credentials",
                () -> new Change("POST", "clients/" + client() + "/credentials", CREDENTIAL));
        example(
                "PATCH " + one,
                () -> new Change("PATCH", credential(), Map.of("expires_at", "2033-05-13T09:33:13.000Z")));
        example("DELETE " + one, () -> new Change("DELETE", credential(), null));
    }

    private String credential() {
        String credentials = "clients/" + client() + "/credentials";
        return credentials + "/" + made(credentials, CREDENTIAL);
    }

    private void resourceServers() {
        List<?> scopes = List.of(Map.of("value", "read:x"), Map.of("value", "read:y"));
        example(
                "POST /resource-servers",
                () -> new Change(
                        "POST",
                        "resource-servers",
                        Map.of("identifier", "https://new.example.com", "scopes", scopes, "signing_alg", "ES256")));
        example("PATCH /resource-servers/{id}", () -> {
            String api = api();
            server.createGrant(client(), api, List.of("read:x", "write:x"));
            return new Change(
                    "PATCH",
                    "resource-servers/" + api.replace(":", "%3A").replace("/", "%2F"),
                    Map.of("scopes", scopes, "signing_alg", "EdDSA"));
        });
        example("DELETE /resource-servers/{id}", () -> {
            String api = api();
            server.createGrant(client(), api, List.of("read:x"));
            server.createGrant(client(), api, List.of("write:x"));
            return new Change(
                    "DELETE", "resource-servers/" + api.replace(":", "%3A").replace("/", "%2F"), null);
        });
    }

    private void clientGrants() {
        example(
                "POST /client-grants",
                () -> new Change(
                        "POST",
                        "client-grants",
                        Map.of("client_id", client(), "audience", API, "scope", List.of("read:x"))));
        example(
                "PATCH /client-grants/{id}",
                () -> new Change("PATCH", "client-grants/" + grant(), Map.of("scope", List.of("write:x"))));
        example("DELETE /client-grants/{id}", () -> new Change("DELETE", "client-grants/" + grant(), null));
    }

    private String grant() {
        return server.createGrant(client(), API, List.of("read:x")).path("id").asString();
    }

    /** With a secret. */
    private String hook(boolean enabled) {
        String name = name();
        String id = made(
                "hooks", Map.of("name", name, "script", HOOK.formatted(name), "triggerId", "credentials-exchange"));
        server.managed("POST", "hooks/" + id + "/secrets", Map.of("KEPT", "a value"));
        if (enabled) { // now, since its process is waited for
            server.managed("PATCH", "hooks/" + id, Map.of("enabled", true));
        }
        return "hooks/" + id;
    }

    private void hooks() {
        example(
                "POST /hooks",
                () -> new Change(
                        "POST",
                        "hooks",
                        Map.of(
                                "name",
                                name(),
                                "script",
                                HOOK.formatted("a new one"),
                                "triggerId",
                                "credentials-exchange",
                                "enabled",
                                true)));
        example(
                "PATCH /hooks/{id}",
                () -> new Change(
                        "PATCH",
                        hook(false),
                        Map.of(
                                "enabled",
                                true,
                                "script",
                                HOOK.formatted("an old one"),
                                "dependencies",
                                Map.of("one", "1.0.0"))));
        example("DELETE /hooks/{id}", () -> new Change("DELETE", hook(true), null));
        String secrets = "/hooks/{id}/secrets";
        example(
                "POST " + secrets,
                () -> new Change("POST", hook(false) + "/secrets", Map.of("A", "a value", "B", "a value")));
        example("PATCH " + secrets, () -> new Change("PATCH", hook(true) + "/secrets", Map.of("KEPT", "another")));
        example("DELETE " + secrets, () -> new Change("DELETE", hook(false) + "/secrets", List.of("KEPT")));
    }

    private String action() {
        String name = name();
        return made(
                "actions/actions",
                Map.of(
                        "name",
                        name,
                        "code",
                        "exports.onExecuteCredentialsExchange = async (event, api) => api.accessToken.setCustomClaim("
                                + "'https://example.com/action', '" + name + "');",
                        "supported_triggers",
                        TRIGGERS,
                        "secrets",
                        List.of(Map.of("name", "KEY", "value", "a value"))));
    }

    private String deployedAction() {
        String action = action();
        server.managed("POST", "actions/actions/" + action + "/deploy", null);
        return action;
    }

    private static Map<String, ?> bindings(String... actions) {
        return Map.of(
                "bindings",
                List.of(actions).stream()
                        .map(action -> Map.of("ref", Map.of("type", "action_id", "value", action)))
                        .toList());
    }

    private void actions() {
        String one = "/actions/actions/{id}";
        List<?> dependencies = List.of(Map.of("name", "one", "version", "1.0.0"));
        example(
                "POST /actions/actions",
                () -> new Change(
                        "POST",
                        "actions/actions",
                        Map.of(
                                "name",
                                name(),
                                "supported_triggers",
                                TRIGGERS,
                                "dependencies",
                                dependencies,
                                "secrets",
                                List.of(Map.of("name", "KEY", "value", "a value")))));
        example(
                "PATCH " + one,
                () -> new Change(
                        "PATCH",
                        "actions/actions/" + action(),
                        Map.of("name", name(), "secrets", List.of(), "dependencies", dependencies)));
        example("DELETE " + one, () -> {
            String action = deployedAction();
            server.managed("PATCH", BINDINGS, bindings(action));
            return new Change("DELETE", "actions/actions/" + action + "?force=true", null);
        });
        example(
                "POST " + one + "/deploy",
                () -> new Change("POST", "actions/actions/" + deployedAction() + "/deploy", null));
        example("POST " + one + "/versions/{versionId}/deploy", () -> {
            String action = "actions/actions/" + action();
            String version = made(action + "/deploy", Map.of());
            server.managed("PATCH", action, Map.of("secrets", List.of()));
            return new Change("POST", action + "/versions/" + version + "/deploy", Map.of("update_draft", true));
        });
        example("PATCH /actions/triggers/{triggerId}/bindings", () -> {
            String first = deployedAction();
            String second = deployedAction();
            server.managed("PATCH", BINDINGS, bindings(first, second));
            return new Change("PATCH", BINDINGS, bindings(second));
        });
    }

    private String administrator() {
        return "administrators/" + Browser.of(server, Role.VIEWER, name()).id();
    }

    private void administrators() {
        example(
                "POST /administrators/invitations",
                () -> new Change("POST", "administrators/invitations", Map.of("role", "viewer")));
        example("DELETE /administrators/links/{id}", () -> {
            server.managed("POST", "administrators/invitations", Map.of("role", "viewer"));
            return new Change(
                    "DELETE",
                    "administrators/links/"
                            + server.managed("GET", "administrators/links", null)
                                    .path(0)
                                    .path("id")
                                    .asString(),
                    null);
        });
        example("PATCH /administrators/{id}", () -> new Change("PATCH", administrator(), Map.of("role", "editor")));
        example("DELETE /administrators/{id}", () -> new Change("DELETE", administrator(), null));
        example("POST /administrators/{id}/reset", () -> new Change("POST", administrator() + "/reset", null));
    }

    private void theRest() {
        // Such a key is made much quicker than one of RSA.
        String rotation = "keys/signing/rotate?alg=ES256&force=true";
        example("POST /keys/signing/rotate", () -> new Change("POST", rotation, null));
        example("PUT /keys/signing/{kid}/revoke", () -> {
            // Not the key by which the caller's token is checked.
            String path = "keys/signing/rotate?alg=EdDSA&force=true";
            server.managed("POST", path, null);
            String key = server.managed("GET", "keys/signing", null)
                    .valueStream()
                    .filter(each -> each.path("previous").asBoolean()
                            && each.path("alg").asString().equals("EdDSA"))
                    .map(each -> each.path("kid").asString())
                    .findFirst()
                    .orElseThrow();
            return new Change("PUT", "keys/signing/" + key + "/revoke", null);
        });
        Map<String, ?> stream = Map.of(
                "type",
                "http",
                "sink",
                Map.of("httpEndpoint", "https://siem.example.com", "httpAuthorization", "a value"));
        example("POST /log-streams", () -> new Change("POST", "log-streams", stream));
        example(
                "PATCH /log-streams/{id}",
                () -> new Change("PATCH", "log-streams/" + made("log-streams", stream), Map.of("name", "Renamed")));
        example(
                "DELETE /log-streams/{id}",
                () -> new Change("DELETE", "log-streams/" + made("log-streams", stream), null));
        example(
                "PATCH /tenants/settings",
                () -> new Change("PATCH", "tenants/settings", Map.of("friendly_name", name())));
        example("POST /backups", () -> new Change("POST", "backups", null));
    }
}
