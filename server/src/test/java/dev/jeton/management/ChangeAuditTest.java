package dev.jeton.management;

import static dev.jeton.Answers.json;
import static dev.jeton.Answers.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every change leaves one record that says who did what, from where, without secrets; a refused one leaves none. */
class ChangeAuditTest {
    private static final String SECRET = "a secret that must not be in the log";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<JsonNode> changes() {
        return server.managed("GET", "logs?per_page=100", null)
                .valueStream()
                .filter(event -> event.path("type").asString().endsWith("api"))
                .toList();
    }

    /** The one record that a change leaves. */
    private static JsonNode recordOf(Supplier<HttpResponse<String>> change, String description, int status) {
        int before = changes().size();
        HttpResponse<String> response = change.get();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        List<JsonNode> after = changes();
        assertThat(after).hasSize(before + 1);
        JsonNode event = after.getFirst();
        assertThat(event.path("type").asString()).isEqualTo("sapi");
        assertThat(event.path("description").asString()).isEqualTo(description);
        assertThat(event.path("details").path("response").path("statusCode").asInt())
                .isEqualTo(status);
        assertThat(event.path("details").path("request_id").asString())
                .isEqualTo(response.headers().firstValue("X-Auth0-RequestId").orElse("none"));
        return event;
    }

    private static JsonNode recordOf(
            String method, String path, @Nullable Object body, String description, int status) {
        JsonNode event = recordOf(() -> server.manage(method, path, body), description, status);
        assertThat(event.path("details").path("request").path("path").asString())
                .isEqualTo("/api/v2/" + path.replaceFirst("\\?.*", ""));
        assertThat(event.path("details").path("request").path("method").asString())
                .isEqualTo(method.toLowerCase(Locale.ROOT));
        return event;
    }

    private static String made(JsonNode event, String member) {
        return event.path("details").path("response").path("body").path(member).asString();
    }

    @Test
    void every_kind_of_change_leaves_one_record() {
        String client = made(recordOf("POST", "clients", Map.of("name", "x"), "Create a client", 201), "client_id");
        recordOf("PATCH", "clients/" + client, Map.of("name", "y"), "Update a client", 200);
        recordOf("POST", "clients/" + client + "/rotate-secret", null, "Rotate a client secret", 200);
        String api = made(
                recordOf(
                        "POST",
                        "resource-servers",
                        Map.of("identifier", "https://audited.example.com"),
                        "Create a resource server",
                        201),
                "id");
        recordOf("PATCH", "resource-servers/" + api, Map.of("name", "y"), "Update a resource server", 200);
        String grant = made(
                recordOf(
                        "POST",
                        "client-grants",
                        Map.of("client_id", client, "audience", "https://audited.example.com"),
                        "Create a client grant",
                        201),
                "id");
        recordOf("PATCH", "client-grants/" + grant, Map.of("scope", List.of("z")), "Update a client grant", 200);
        recordOf("DELETE", "client-grants/" + grant, null, "Delete a client grant", 204);
        recordOf("DELETE", "resource-servers/" + api, null, "Delete a resource server", 204);
        recordOf("DELETE", "clients/" + client, null, "Delete a client", 204);
        String hook = made(
                recordOf(
                        "POST",
                        "hooks",
                        Map.of("name", "x", "script", "x", "triggerId", "credentials-exchange"),
                        "Create a hook",
                        201),
                "id");
        recordOf("PATCH", "hooks/" + hook, Map.of("enabled", true), "Update a hook", 200);
        recordOf("POST", "hooks/" + hook + "/secrets", Map.of("x", "y"), "Add hook secrets", 201);
        recordOf("PATCH", "hooks/" + hook + "/secrets", Map.of("x", "z"), "Update hook secrets", 201);
        recordOf("DELETE", "hooks/" + hook + "/secrets", List.of("x"), "Delete hook secrets", 204);
        recordOf("DELETE", "hooks/" + hook, null, "Delete a hook", 204);
        String action = made(
                recordOf(
                        "POST",
                        "actions/actions",
                        Map.of("name", "x", "supported_triggers", List.of(Map.of("id", "credentials-exchange"))),
                        "Create an action",
                        201),
                "id");
        recordOf("PATCH", "actions/actions/" + action, Map.of("name", "y"), "Update an action", 200);
        String version =
                made(recordOf("POST", "actions/actions/" + action + "/deploy", null, "Deploy an action", 200), "id");
        recordOf(
                "POST",
                "actions/actions/" + action + "/versions/" + version + "/deploy",
                null,
                "Roll back to a previous action version",
                200);
        recordOf(
                "PATCH",
                "actions/triggers/credentials-exchange/bindings",
                Map.of("bindings", List.of()),
                "Update trigger bindings",
                200);
        recordOf("DELETE", "actions/actions/" + action + "?force=true", null, "Delete an action", 204);
        recordOf("POST", "keys/signing/rotate?force=true", null, "Rotate the signing key", 201);
        String previous = server.managed("GET", "keys/signing", null)
                .valueStream()
                .filter(key -> key.path("previous").asBoolean())
                .map(key -> key.path("kid").asString())
                .findFirst()
                .orElse("none");
        Operator operator = Operator.with(server, "update:signing_keys", "read:logs");
        assertThat(operator.call("PUT", "keys/signing/" + previous + "/revoke", null)
                        .statusCode())
                .isEqualTo(200);
        // The command line's token went with the key.
        JsonNode revocation =
                json(operator.call("GET", "logs?per_page=1", null)).get(0);
        assertThat(revocation.path("description").asString()).isEqualTo("Revoke a signing key");
        server.close();
        server = TestServer.start();
    }

    @Test
    void a_record_says_who_did_it_with_which_scopes_and_from_where() {
        Operator operator = Operator.with(server, "create:clients", "read:clients");

        JsonNode event = recordOf(
                () -> server.exchange(server.request("api/v2/clients")
                        .header("Authorization", "Bearer " + operator.token())
                        .header("User-Agent", "Go-Auth0/latest")
                        .POST(BodyPublishers.ofString("{\"name\":\"x\"}"))),
                "Create a client",
                201);

        assertThat(event.path("client_id").asString()).isEqualTo(operator.clientId());
        assertThat(event.path("client_name").asString()).isEqualTo("Operator");
        assertThat(event.path("ip").asString()).isEqualTo("127.0.0.1");
        assertThat(event.path("user_agent").asString()).isEqualTo("Go-Auth0/latest");
        JsonNode request = event.path("details").path("request");
        assertThat(texts(request.path("auth").path("credentials").path("scopes")))
                .containsExactly("create:clients", "read:clients");
        assertThat(request.path("body")).isEqualTo(json("{\"name\":\"x\"}"));
        assertThat(request.path("channel").asString()).isEqualTo("api");
    }

    @Test
    void no_secret_is_in_the_log() {
        JsonNode created = recordOf(
                "POST",
                "clients",
                Map.of(
                        "name",
                        "x",
                        "client_secret",
                        SECRET,
                        "addons",
                        Map.of("deep", List.of(Map.of("client_secret", SECRET)))),
                "Create a client",
                201);
        String client = made(created, "client_id");
        assertThat(made(created, "client_secret")).isEqualTo("*****");
        recordOf("PATCH", "clients/" + client, Map.of("client_secret", SECRET), "Update a client", 200);
        String rotated = server.managed("POST", "clients/" + client + "/rotate-secret", null)
                .path("client_secret")
                .asString();
        recordOf(
                "POST",
                "resource-servers",
                Map.of("identifier", "https://masked.example.com", "signing_alg", "HS256", "signing_secret", SECRET),
                "Create a resource server",
                201);
        String made = server.createApi("https://made.example.com", List.of(), Map.of("signing_alg", "HS256"))
                .path("signing_secret")
                .asString();

        recordOf(
                "POST",
                "actions/actions",
                Map.of(
                        "name",
                        "x",
                        "deploy",
                        true,
                        "supported_triggers",
                        List.of(Map.of("id", "credentials-exchange")),
                        "code",
                        "exports.onExecuteCredentialsExchange = () => {}; // " + SECRET,
                        "secrets",
                        List.of(Map.of("name", "KEY", "value", SECRET))),
                "Create an action",
                201);

        assertThat(server.manage("GET", "logs?per_page=100", null).body())
                .doesNotContain(SECRET)
                .doesNotContain(rotated)
                .doesNotContain(made)
                .doesNotContain(server.managementToken());
    }

    @Test
    void of_secrets_the_values_are_masked_and_of_scopes_they_are_not() {
        JsonNode api = recordOf(
                "POST",
                "resource-servers",
                Map.of("identifier", "https://scoped.example.com", "scopes", List.of(Map.of("value", "read:it"))),
                "Create a resource server",
                201);
        JsonNode action = recordOf(
                "POST",
                "actions/actions",
                Map.of(
                        "name",
                        "masked",
                        "supported_triggers",
                        List.of(Map.of("id", "credentials-exchange")),
                        "secrets",
                        List.of(Map.of("name", "KEY", "value", "x"))),
                "Create an action",
                201);

        assertThat(body(api).path("scopes").toString()).isEqualTo("[{\"value\":\"read:it\"}]");
        assertThat(body(action).path("secrets")).isEqualTo(json("[{\"name\":\"KEY\",\"value\":\"*****\"}]"));
    }

    private static JsonNode body(JsonNode event) {
        return event.path("details").path("request").path("body");
    }

    @Test
    void a_record_says_what_was_and_what_became_of_it() {
        Map<String, Object> sink =
                Map.of("httpEndpoint", "https://user:first@x.example.com/in?key=first", "httpAuthorization", "first");
        String path = "log-streams/"
                + made(
                        recordOf(
                                "POST",
                                "log-streams",
                                Map.of("type", "http", "name", "Old", "sink", sink),
                                "Create a log stream",
                                200),
                        "id");
        Map<String, Object> other = Map.of("httpEndpoint", "https://y.example.com", "httpAuthorization", "second");
        JsonNode changes = recordOf("PATCH", path, Map.of("name", "New", "sink", other), "Update a log stream", 200)
                .path("details")
                .path("changes");

        assertThat(changes.propertyNames()).containsExactlyInAnyOrder("name", "sink");
        assertThat(changes.path("name").path("before").asString()).isEqualTo("Old");
        assertThat(changes.path("name").path("after").asString()).isEqualTo("New");
        assertThat(changes.path("sink").path("before").path("httpEndpoint").asString())
                .isEqualTo("https://*****@x.example.com/in?*****");
        assertThat(changes.toString()).doesNotContain("first").doesNotContain("second");

        JsonNode deleted = recordOf("DELETE", path, null, "Delete a log stream", 204)
                .path("details")
                .path("changes");
        assertThat(deleted.path("name").path("before").asString()).isEqualTo("New");
        assertThat(deleted.path("name").has("after")).isFalse();
    }

    @Test
    void a_record_repeats_no_long_value() {
        String path = "tenants/settings";
        String html = "<p>".repeat(3_000);

        JsonNode changes = recordOf(
                        "PATCH", path, Map.of("error_page", Map.of("html", html)), "Update tenant settings", 200)
                .path("details")
                .path("changes");

        assertThat(changes.path("error_page").path("after").asString()).isEqualTo("9011 characters of JSON");
        assertThat(changes.path("error_page").has("before")).isFalse();
    }

    @Test
    void a_change_that_is_refused_leaves_no_record() {
        String client = server.createClient("x", Map.of()).path("client_id").asString();
        server.createApi("https://once.example.com", List.of(), Map.of());
        server.createGrant(client, "https://once.example.com", List.of());
        String system = server.managed("GET", "resource-servers", null)
                .get(0)
                .path("id")
                .asString();
        Operator weak = Operator.with(server, "create:client_grants", "read:clients");
        int before = changes().size();

        List<HttpResponse<String>> refused = List.of(
                server.manage("POST", "clients", Map.of("name", "<>")),
                server.manage("POST", "clients", "{"),
                server.manage("PATCH", "clients/nobody", Map.of("name", "x")),
                server.manage("PATCH", "clients/" + client, Map.of("callbacks", 5)),
                server.manage("POST", "clients/nobody/rotate-secret", null),
                server.manage("POST", "resource-servers", Map.of("identifier", "https://once.example.com")),
                server.manage("DELETE", "resource-servers/" + system, null),
                server.manage(
                        "POST", "client-grants", Map.of("client_id", client, "audience", "https://once.example.com")),
                server.manage("POST", "keys/signing/rotate", null),
                server.manage("PUT", "keys/signing/nobody/revoke", null),
                weak.call(
                        "POST",
                        "client-grants",
                        Map.of(
                                "client_id",
                                client,
                                "audience",
                                server.issuer() + "api/v2/",
                                "scope",
                                List.of("read:logs"))),
                weak.call("POST", "clients", Map.of("name", "x")));

        assertThat(refused).allMatch(response -> response.statusCode() >= 400 && response.statusCode() < 500);
        assertThat(changes()).hasSize(before);
    }

    @Test
    void reading_leaves_no_record_of_a_change() {
        int before = changes().size();
        server.managed("GET", "clients", null);
        server.managed("GET", "keys/signing", null);

        assertThat(changes()).hasSize(before);
    }

    private static List<JsonNode> secretReads() {
        return server.managed("GET", "logs?per_page=100", null)
                .valueStream()
                .filter(event -> event.path("type").asString().equals("mgmt_api_read"))
                .toList();
    }

    @Test
    void showing_a_secret_leaves_a_record_and_showing_none_does_not() {
        String client =
                server.createClient("Secretive", Map.of()).path("client_id").asString();
        int before = secretReads().size();

        server.managed("GET", "clients/" + client, null);
        assertThat(secretReads()).hasSize(before + 1);
        JsonNode read = secretReads().getFirst();
        assertThat(read.path("details").path("accessedSecrets").path(0).asString())
                .isEqualTo("client_secret");
        assertThat(read.path("details").path("request").path("path").asString()).isEqualTo("/api/v2/clients/" + client);

        server.managed("GET", "clients?fields=client_secret&include_fields=false", null);
        assertThat(secretReads()).hasSize(before + 1);
        server.managed("GET", "clients", null);
        assertThat(secretReads()).hasSize(before + 2);
    }
}
