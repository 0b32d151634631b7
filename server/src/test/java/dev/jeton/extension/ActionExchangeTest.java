package dev.jeton.extension;

import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Actions decide, alone and after a Hook, as a client of the token endpoint sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ActionExchangeTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String AUDIENCE = "https://api.example.com";
    private static final String BINDINGS = "actions/triggers/credentials-exchange/bindings";

    private TestServer server;
    private JsonNode client;

    @BeforeAll
    void start() {
        server = TestServer.start(Map.of("JETON_HOOKS_DEADLINE", "2s"));
        server.createApi(AUDIENCE, List.of("read", "write"), Map.of());
        client = server.createClient("Billing worker", Map.of("client_metadata", Map.of("plan", "full")));
        server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("read", "write"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** Nothing is left for the next test. */
    @AfterEach
    void unbind() {
        for (JsonNode hook : server.managed("GET", "hooks", null)) {
            server.managed("DELETE", "hooks/" + hook.path("id").asString(), null);
        }
        for (JsonNode action : server.managed("GET", "actions/actions", null).path("actions")) {
            server.managed("DELETE", "actions/actions/" + action.path("id").asString() + "?force=true", null);
        }
    }

    private JsonNode create(String name, String body, Map<String, String> secrets) {
        return server.managed(
                "POST",
                "actions/actions",
                Map.of(
                        "name",
                        name,
                        "supported_triggers",
                        List.of(Map.of("id", "credentials-exchange", "version", "v2")),
                        "code",
                        code(body),
                        "secrets",
                        secrets.entrySet().stream()
                                .map(secret -> Map.of("name", secret.getKey(), "value", secret.getValue()))
                                .toList(),
                        "deploy",
                        true));
    }

    private static String code(String body) {
        return "exports.onExecuteCredentialsExchange = async (event, api) => {" + body + "};";
    }

    private void bind(String... names) {
        server.managed(
                "PATCH",
                BINDINGS,
                Map.of(
                        "bindings",
                        Arrays.stream(names)
                                .map(name -> Map.of("ref", Map.of("type", "action_name", "value", name)))
                                .toList()));
    }

    private void hook(String body) {
        server.managed(
                "POST",
                "hooks",
                Map.of(
                        "name",
                        "hook",
                        "triggerId",
                        "credentials-exchange",
                        "enabled",
                        true,
                        "script",
                        "module.exports = (client, scope, audience, context, cb) => {" + body + "};"));
    }

    private HttpResponse<String> token() {
        return server.token(client, AUDIENCE);
    }

    private static JsonNode claims(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        String token = JSON.readTree(response.body()).path("access_token").asString();
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }

    @Test
    void an_action_is_told_of_the_request_without_the_credentials_in_it() {
        create("one", "api.accessToken.setCustomClaim('seen', event);", Map.of("WORD", "sesame"));
        bind("one");
        JsonNode seen = claims(server.token(Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        client.path("client_id").asString(),
                        "client_secret",
                        client.path("client_secret").asString(),
                        "client_assertion",
                        "x",
                        "audience",
                        AUDIENCE,
                        "scope",
                        "read",
                        "purpose",
                        List.of("export"))))
                .path("seen");
        assertThat(seen.path("accessToken").toString()).isEqualTo("{\"customClaims\":{},\"scope\":[\"read\"]}");
        assertThat(seen.path("client").path("client_id")).isEqualTo(client.path("client_id"));
        assertThat(seen.path("client").path("name").asString()).isEqualTo("Billing worker");
        assertThat(seen.path("client").path("metadata").toString()).isEqualTo("{\"plan\":\"full\"}");
        assertThat(seen.path("resource_server").toString()).isEqualTo("{\"identifier\":\"" + AUDIENCE + "\"}");
        assertThat(seen.path("tenant").toString()).isEqualTo("{\"id\":\"127.0.0.1\"}");
        assertThat(seen.path("transaction").toString()).isEqualTo("{\"requested_scopes\":[\"read\"]}");
        assertThat(seen.path("secrets").toString()).isEqualTo("{\"WORD\":\"sesame\"}");
        JsonNode request = seen.path("request");
        assertThat(request.path("method").asString()).isEqualTo("POST");
        assertThat(request.path("ip").asString()).isEqualTo("127.0.0.1");
        assertThat(request.path("hostname").asString()).isEqualTo("127.0.0.1");
        assertThat(request.path("body").path("purpose").toString()).isEqualTo("[\"export\"]");
        assertThat(request.path("body").has("client_secret")).isFalse();
        assertThat(request.path("body").has("client_assertion")).isFalse();
        assertThat(request.path("body").path("grant_type").asString()).isEqualTo("client_credentials");
    }

    @Test
    void a_form_is_seen_as_json_is() {
        create("one", "api.accessToken.setCustomClaim('seen', event.request.body);", Map.of());
        bind("one");
        HttpResponse<String> response = server.exchange(asking(
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials&client_id="
                        + client.path("client_id").asString()
                        + "&client_secret=" + client.path("client_secret").asString() + "&purpose=a%20b"
                        + "&audience=https%3A%2F%2Fapi.example.com"));
        assertThat(claims(response).path("seen").toString())
                .isEqualTo("{\"grant_type\":\"client_credentials\",\"client_id\":\""
                        + client.path("client_id").asString() + "\",\"purpose\":\"a b\",\"audience\":\"" + AUDIENCE
                        + "\"}");
    }

    /** Whatever the request is, and wherever in what the code is given, or can see of its process, somebody would look. */
    @Test
    void neither_a_hook_nor_an_action_comes_by_the_credentials_of_the_client() throws Exception {
        String id = client.path("client_id").asString();
        String secret = client.path("client_secret").asString();
        String basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
        String search = Files.readString(Path.of("src/test/resources/extension/search.js"));
        // Backwards, so that the code does not find what it was told to look for.
        String look = """
                const texts = %s.map((text) => [...text].reverse().join(''));
                const surroundings = {global: globalThis, process, module};
                const found = [...search(texts, given, true), ...search(texts, surroundings, false)];
                const control = search(['Billing worker'], given, true);
                """.formatted(JSON.writeValueAsString(Stream.of(secret, basic)
                .map(text -> new StringBuilder(text).reverse().toString())
                .toList()));
        server.managed(
                "POST",
                "hooks",
                Map.of(
                        "name",
                        "hook",
                        "triggerId",
                        "credentials-exchange",
                        "enabled",
                        true,
                        "script",
                        search + "module.exports = function (client, scope, audience, context, cb) {\n"
                                + "const given = {client, scope, audience, context, cb, self: this, all: arguments};\n"
                                + look + "cb(null, {scope, hook: {found, control}}); };"));
        server.managed(
                "POST",
                "actions/actions",
                Map.of(
                        "name",
                        "action",
                        "supported_triggers",
                        List.of(Map.of("id", "credentials-exchange", "version", "v2")),
                        "code",
                        search + "exports.onExecuteCredentialsExchange = async function (event, api) {\n"
                                + "const given = {event, api, self: this, all: arguments};\n" + look
                                + "api.accessToken.setCustomClaim('action', {found, control}); };",
                        "deploy",
                        true));
        bind("action");
        String form = "grant_type=client_credentials&audience=https%3A%2F%2Fapi.example.com";
        String inBody = form + "&client_id=" + id + "&client_secret=" + secret;
        Map<String, HttpRequest.Builder> requests = Map.of(
                "JSON",
                asking(
                        "application/json",
                        JSON.writeValueAsString(Map.of(
                                "grant_type",
                                "client_credentials",
                                "audience",
                                AUDIENCE,
                                "client_id",
                                id,
                                "client_secret",
                                secret))),
                "form",
                asking("application/x-www-form-urlencoded", inBody),
                "Basic",
                asking("application/x-www-form-urlencoded", form).header("Authorization", "Basic " + basic));

        requests.forEach((kind, request) -> {
            JsonNode claims = claims(server.exchange(request));
            for (String code : List.of("hook", "action")) {
                assertThat(claims.path(code).path("control").toString())
                        .as("what the %s finds of the client's name: %s", code, kind)
                        .contains(".name\"");
                assertThat(claims.path(code).path("found"))
                        .as("where the %s finds credentials: %s", code, kind)
                        .isEmpty();
            }
        });
    }

    private HttpRequest.Builder asking(String contentType, String body) {
        return server.request("oauth/token").header("content-type", contentType).POST(BodyPublishers.ofString(body));
    }

    @Test
    void actions_run_after_the_hook_in_their_order() {
        hook("cb(null, {scope: ['read', 'extra'], trail: ['hook']})");
        String add = "api.accessToken.setCustomClaim('trail', event.accessToken.customClaims.trail.concat('%s '"
                + " + event.accessToken.scope.length)); event.accessToken.scope.push('not this way');";
        create("one", add.formatted("one"), Map.of());
        create("two", add.formatted("two"), Map.of());
        bind("two", "one");
        JsonNode claims = claims(token());
        assertThat(claims.path("trail").toString()).isEqualTo("[\"hook\",\"two 2\",\"one 2\"]");
        assertThat(claims.path("scope").asString()).isEqualTo("read extra");

        bind("one");
        assertThat(claims(token()).path("trail").toString()).isEqualTo("[\"hook\",\"one 2\"]");
        bind();
        assertThat(claims(token()).path("trail").toString()).isEqualTo("[\"hook\"]");
    }

    @Test
    void names_with_a_fixed_meaning_are_left_out() {
        create(
                "one",
                "for (const name of ['sub', 'permissions', 'https://x.auth0.com/y', 'plan'])"
                        + " api.accessToken.setCustomClaim(name, 'x');",
                Map.of());
        bind("one");
        JsonNode claims = claims(token());
        assertThat(claims.path("sub").asString())
                .isEqualTo(client.path("client_id").asString() + "@clients");
        assertThat(claims.has("permissions")).isFalse();
        assertThat(claims.has("https://x.auth0.com/y")).isFalse();
        assertThat(claims.path("plan").asString()).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api.access.deny('invalid_scope', 'no')     | 400 | invalid_scope   | no",
                "api.access.deny('invalid_request', 'odd')  | 400 | invalid_request | odd",
                "api.access.deny('server_error', 'down')    | 500 | server_error    | down",
                "api.access.deny('invalid_scope')           | 400 | invalid_scope   | Access denied",
                "throw new Error('secret detail')           | 500 | server_error    | An Action failed",
                "api.access.deny('access_denied', 'no')     | 500 | server_error    | An Action failed",
                "await new Promise(() => {})                | 500 | server_error    | Request to Webtask exceeded allowed execution time",
                "api.accessToken.setCustomClaim('a', 'x'.repeat(102400)) | 500 | server_error | The custom claims are larger than 102400 bytes",
            })
    void an_action_that_denies_or_fails_yields_no_token(String body, int status, String error, String description) {
        create("first", "api.accessToken.setCustomClaim('first', 1);", Map.of());
        create("second", body, Map.of());
        create("third", "throw new Error('must not run');", Map.of());
        bind(
                body.contains("setCustomClaim")
                        ? new String[] {"first", "second"}
                        : new String[] {"first", "second", "third"});
        HttpResponse<String> response = token();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(json(response).path("error").asString()).isEqualTo(error);
        assertThat(json(response).path("error_description").asString()).isEqualTo(description);

        JsonNode event = server.managed("GET", "logs?per_page=1", null).path(0);
        assertThat(event.path("type").asString()).isEqualTo("feccft");
        JsonNode results = event.path("details").path("actions").path("results");
        boolean isKnown = !description.startsWith("Request to Webtask");
        assertThat(results.size()).isEqualTo(isKnown ? 2 : 3);
        assertThat(results.path(0).has("error")).isNotEqualTo(isKnown);
        assertThat(results.path(1).path("name").asString()).isEqualTo("second");
        assertThat(results.path(1).path("error").asString()).isNotEmpty();
    }

    @Test
    void the_cache_keeps_what_was_set_from_one_request_to_the_next() {
        create("one", """
                const before = api.cache.get('count');
                api.cache.set('count', String(Number(before ? before.value : 0) + 1));
                api.accessToken.setCustomClaim('count', api.cache.get('count').value);""", Map.of());
        bind("one");
        assertThat(claims(token()).path("count").asString()).isEqualTo("1");
        assertThat(claims(token()).path("count").asString()).isEqualTo("2");
    }

    @Test
    void a_new_version_runs_when_it_is_deployed_and_an_old_one_when_it_is_rolled_back_to() {
        String id = create("one", "api.accessToken.setCustomClaim('version', 1);", Map.of())
                .path("id")
                .asString();
        bind("one");
        server.managed(
                "PATCH",
                "actions/actions/" + id,
                Map.of("code", code("api.accessToken.setCustomClaim('version', 2);")));
        assertThat(claims(token()).path("version").asInt()).isEqualTo(1);
        server.managed("POST", "actions/actions/" + id + "/deploy", null);
        assertThat(claims(token()).path("version").asInt()).isEqualTo(2);

        JsonNode versions = server.managed("GET", "actions/actions/" + id + "/versions", null)
                .path("versions");
        for (JsonNode version : versions) {
            if (version.path("number").asInt() == 1) {
                server.managed(
                        "POST",
                        "actions/actions/" + id + "/versions/"
                                + version.path("id").asString() + "/deploy",
                        null);
            }
        }
        assertThat(claims(token()).path("version").asInt()).isEqualTo(1);
    }

    @Test
    void what_cannot_be_loaded_is_not_deployed_and_the_version_before_goes_on() {
        String id = create("one", "api.accessToken.setCustomClaim('version', 1);", Map.of())
                .path("id")
                .asString();
        bind("one");
        for (String broken : List.of(
                "exports.onExecute = () => {", "exports.other = () => {};", "require('none');", "while (true);")) {
            server.managed("PATCH", "actions/actions/" + id, Map.of("code", broken));
            HttpResponse<String> response = server.manage("POST", "actions/actions/" + id + "/deploy", null);
            assertThat(response.statusCode()).as(broken).isEqualTo(400);
            assertThat(message(response)).isNotEmpty().doesNotContain("/tmp/");
        }
        assertThat(claims(token()).path("version").asInt()).isEqualTo(1);
    }

    @Test
    void what_an_action_writes_is_kept_under_its_own_id() {
        hook("console.log('from the hook'); cb(null, {scope});");
        String one =
                create("one", "console.log('from one');", Map.of()).path("id").asString();
        bind("one");
        token();
        Await.until(
                "the line is kept",
                () -> !server.managed("GET", "actions/actions/" + one + "/logs", null)
                        .path("logs")
                        .isEmpty());
        JsonNode lines =
                server.managed("GET", "actions/actions/" + one + "/logs", null).path("logs");
        assertThat(lines.size()).isEqualTo(1);
        assertThat(lines.path(0).path("text").asString()).isEqualTo("from one");
    }

    @Test
    void a_draft_is_tested_with_its_secrets_for_the_event_that_is_sent() {
        String id = create("one", "", Map.of("WORD", "sesame")).path("id").asString();
        server.managed(
                "PATCH",
                "actions/actions/" + id,
                Map.of("code", code("api.accessToken.setCustomClaim('seen', [event.secrets.WORD, event.custom]);")));
        JsonNode payload = server.managed(
                        "POST",
                        "actions/actions/" + id + "/test",
                        Map.of(
                                "payload",
                                Map.of(
                                        "custom",
                                        7,
                                        "client",
                                        Map.of("client_id", "abc"),
                                        "accessToken",
                                        Map.of("scope", List.of("read"), "customClaims", Map.of("before", true)))))
                .path("payload");
        assertThat(payload.path("result").toString())
                .isEqualTo("{\"scope\":[\"read\"],\"before\":true,\"seen\":[\"sesame\",7]}");
        assertThat(payload.path("token").path("claims").path("sub").asString()).isEqualTo("abc@clients");
    }

    @Test
    void a_token_for_the_system_api_runs_none() {
        create("one", "api.access.deny('invalid_scope', 'never');", Map.of());
        bind("one");
        assertThat(token().statusCode()).isEqualTo(400);
        String system = server.issuer() + "api/v2/";
        server.createGrant(client.path("client_id").asString(), system, List.of("read:clients"));
        assertThat(claims(server.token(client, system)).path("scope").asString())
                .isEqualTo("read:clients");
    }
}
