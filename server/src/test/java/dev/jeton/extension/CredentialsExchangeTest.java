package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a Hook decides, and what becomes of its mistakes, as a client of the token endpoint sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CredentialsExchangeTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String AUDIENCE = "https://api.example.com";

    private FakeNpmRegistry registry;
    private TestServer server;
    private JsonNode client;
    private String hookId;

    @BeforeAll
    void start() {
        registry = new FakeNpmRegistry();
        registry.publish("greeting", "1.0.0", Map.of(), Map.of("index.js", "exports.word = 'good morning'"));
        Map<String, String> settings = new HashMap<>(registry.environment());
        settings.put("JETON_HOOKS_DEADLINE", "2s");
        server = TestServer.start(settings);
        server.createApi(AUDIENCE, List.of("read:invoices", "write:invoices"), Map.of());
        client = server.createClient("Billing worker", Map.of("client_metadata", Map.of("plan", "full")));
        server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("read:invoices", "write:invoices"));
        hookId = server.managed(
                        "POST",
                        "hooks",
                        Map.of(
                                "name",
                                "claims",
                                "script",
                                "module.exports = 1;",
                                "triggerId",
                                "credentials-exchange",
                                "enabled",
                                true))
                .path("id")
                .asString();
    }

    @AfterAll
    void stop() {
        server.close();
        registry.close();
    }

    private HttpResponse<String> token() {
        return server.token(client, AUDIENCE);
    }

    /** Enables a Hook with that body and asks for a token. */
    private HttpResponse<String> tokenWith(String body) {
        return tokenWithScript("module.exports = function (client, scope, audience, context, cb) {\n" + body + "\n};");
    }

    private HttpResponse<String> tokenWithScript(String script) {
        server.managed("PATCH", "hooks/" + hookId, Map.of("script", script));
        return token();
    }

    private static JsonNode claims(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        String token = JSON.readTree(response.body()).path("access_token").asString();
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }

    @Test
    void a_hook_is_told_of_the_client_the_scope_the_audience_and_the_request() {
        JsonNode claims = claims(tokenWith("""
                cb(null, {scope: scope, 'https://example.com/seen': {client, scope, audience, ip: context.ip,
                  body: context.body, agent: typeof context.userAgent, webtask: typeof context.webtask, secrets: context.webtask.secrets}});
                """));
        JsonNode seen = claims.path("https://example.com/seen");
        assertThat(seen.path("client").path("name").asString()).isEqualTo("Billing worker");
        assertThat(seen.path("client").path("id")).isEqualTo(client.path("client_id"));
        assertThat(seen.path("client").path("tenant").asString()).isEqualTo("127.0.0.1");
        assertThat(seen.path("client").path("metadata").path("plan").asString()).isEqualTo("full");
        assertThat(seen.path("scope").toString()).isEqualTo("[\"read:invoices\",\"write:invoices\"]");
        assertThat(seen.path("audience").asString()).isEqualTo(AUDIENCE);
        assertThat(seen.path("ip").asString()).isEqualTo("127.0.0.1");
        assertThat(seen.path("body").path("audience").asString()).isEqualTo(AUDIENCE);
        assertThat(seen.path("body").has("client_secret")).isFalse();
        assertThat(claims.path("scope").asString()).isEqualTo("read:invoices write:invoices");
    }

    @Test
    void a_scope_that_the_hook_leaves_out_is_not_granted() {
        HttpResponse<String> response = tokenWith("cb(null, {});");
        assertThat(claims(response).path("scope").asString()).isEmpty();
        assertThat(JSON.readTree(response.body()).has("scope")).isFalse();
    }

    @Test
    void a_hook_may_grant_more_than_the_client_grant() {
        HttpResponse<String> response = tokenWith("scope.push('extra'); cb(null, {scope});");
        assertThat(claims(response).path("scope").asString()).isEqualTo("read:invoices write:invoices extra");
        assertThat(JSON.readTree(response.body()).path("scope").asString())
                .isEqualTo("read:invoices write:invoices extra");
    }

    @Test
    void claims_with_a_fixed_meaning_are_left_out() {
        JsonNode claims = claims(tokenWith("""
                cb(null, {scope, sub: 'root', iss: 'https://evil.example', exp: 1, permissions: ['x'],
                  plan: 'full', 'https://tenant.auth0.com/x': 1, 'https://example.com/list': [1, {a: null}]});
                """));
        assertThat(claims.path("sub").asString())
                .isEqualTo(client.path("client_id").asString() + "@clients");
        assertThat(claims.path("iss").asString()).isEqualTo(server.issuer());
        assertThat(claims.path("exp").asLong()).isGreaterThan(1);
        assertThat(claims.has("permissions")).isFalse();
        assertThat(claims.has("https://tenant.auth0.com/x")).isFalse();
        assertThat(claims.path("plan").asString()).isEqualTo("full");
        assertThat(claims.path("https://example.com/list").toString()).isEqualTo("[1,{\"a\":null}]");
    }

    private static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("cb(new InvalidScopeError('no'))", 400, "invalid_scope", "no"),
                refusal("cb(new InvalidRequestError('odd'))", 400, "invalid_request", "odd"),
                refusal("cb(new ServerError('down'))", 500, "server_error", "down"),
                refusal("cb(new Error('down'))", 500, "server_error", "down"),
                refusal("cb('text')", 500, "server_error", "text"),
                refusal("cb({message: 'object'})", 500, "server_error", "object"),
                refusal("throw new InvalidScopeError('thrown')", 400, "invalid_scope", "thrown"),
                refusal(
                        "throw new Error('secret detail')",
                        500,
                        "server_error",
                        "Script generated an unhandled synchronous exception."),
                refusal(
                        "return Promise.reject(new Error('secret detail'))",
                        500,
                        "server_error",
                        "Script generated an unhandled rejection."),
                refusal(
                        "setTimeout(() => { throw new Error('secret detail') }, 1)",
                        500,
                        "server_error",
                        "Script generated an unhandled exception."),
                refusal(
                        "const a = {}; a.a = a; cb(null, a)",
                        500,
                        "server_error",
                        "Error when JSON serializing the result of the extension point"),
                refusal(
                        "cb(null, {scope: 'read:invoices'})",
                        500,
                        "server_error",
                        "The Hook's scope is not an array of scope names"),
                refusal(
                        "cb(null, {scope: ['two words']})",
                        500,
                        "server_error",
                        "The Hook's scope is not an array of scope names"),
                refusal(
                        "cb(null, {scope, 'https://example.com/big': 'x'.repeat(102400)})",
                        500,
                        "server_error",
                        "The custom claims are larger than 102400 bytes"),
                refusal(
                        "cb(null, {big: 'x'.repeat(300000)})",
                        500,
                        "server_error",
                        "The result of the Hook is larger than 262144 bytes"),
                refusal(
                        "cb(null, {scope, plan: '🌙'.slice(0, 1)})",
                        500,
                        "server_error",
                        "The custom claims are not well-formed Unicode"),
                refusal(
                        "cb(null, {scope: ['🌙'.slice(0, 1)]})",
                        500,
                        "server_error",
                        "The Hook's scope is not an array of scope names"),
                refusal(
                        "let deep = 1; for (let i = 0; i < 200; i++) deep = [deep]; cb(null, {scope, deep})",
                        500,
                        "server_error",
                        "The custom claims are nested deeper than 100 levels"),
                refusal(
                        "return Promise.resolve()",
                        500,
                        "server_error",
                        "Request to Webtask exceeded allowed execution time"),
                refusal("while (true);", 500, "server_error", "Request to Webtask exceeded allowed execution time"),
                refusal("process.exit(0)", 500, "server_error", "The worker ended before it answered"));
    }

    private static Arguments refusal(String body, int status, String error, String description) {
        return Arguments.of(body, status, error, description);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_hook_that_refuses_or_fails_yields_no_token(String body, int status, String error, String description) {
        HttpResponse<String> response = tokenWith(body);
        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("error").asString()).isEqualTo(error);
        assertThat(answer.path("error_description").asString()).isEqualTo(description);

        JsonNode recorded = server.managed("GET", "logs?per_page=1", null).path(0);
        assertThat(recorded.path("type").asString()).isEqualTo("feccft");
        assertThat(claims(tokenWith("cb(null, {scope})")).path("scope").asString())
                .isEqualTo("read:invoices write:invoices");
    }

    @Test
    void a_hook_that_does_not_compile_yields_no_token() {
        HttpResponse<String> response = tokenWith("cb(null, {scope);");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(JSON.readTree(response.body()).path("error_description").asString())
                .isEqualTo("Unable to compile the extensibility code as javascript");
        assertThat(tokenWithScript("module.exports = 1;").statusCode()).isEqualTo(500);
        assertThat(tokenWithScript("require('no-such-package')").statusCode()).isEqualTo(500);
    }

    @Test
    void the_first_callback_counts() {
        assertThat(claims(tokenWith(
                                "cb(null, {scope: ['first']}); cb(null, {scope: ['second']}); throw new Error('x')"))
                        .path("scope")
                        .asString())
                .isEqualTo("first");
        assertThat(claims(tokenWithScript("""
                        module.exports = async function (client, scope, audience, context, cb) {
                          await new Promise((resolve) => setTimeout(resolve, 5));
                          cb(null, {scope});
                          throw new Error('after');
                        };""")).path("scope").asString()).isEqualTo("read:invoices write:invoices");
    }

    @Test
    void secrets_reach_the_hook_and_a_new_value_its_next_call() {
        server.managed("POST", "hooks/" + hookId + "/secrets", Map.of("WORD", "sesame"));
        String body = "cb(null, {scope, 'https://example.com/word': context.webtask.secrets.WORD});";
        assertThat(claims(tokenWith(body)).path("https://example.com/word").asString())
                .isEqualTo("sesame");
        server.managed("PATCH", "hooks/" + hookId + "/secrets", Map.of("WORD", "open"));
        assertThat(claims(token()).path("https://example.com/word").asString()).isEqualTo("open");
    }

    @Test
    void packages_are_there_for_the_hook() {
        server.managed("PATCH", "hooks/" + hookId, Map.of("dependencies", Map.of("greeting", "1.0.0")));
        assertThat(claims(tokenWith("cb(null, {scope, 'https://example.com/word': require('greeting').word});"))
                        .path("https://example.com/word")
                        .asString())
                .isEqualTo("good morning");
    }

    @Test
    void workers_that_are_replaced_while_they_start_leave_nothing_behind() {
        for (int i = 0; i < 30; i++) {
            server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", false));
            server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", true));
        }
        server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", false));
        Await.until(
                "no worker is left",
                () -> ProcessHandle.allProcesses()
                        .noneMatch(process ->
                                process.info().commandLine().orElse("").contains("worker.mjs")));
        server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", true));
    }

    @Test
    void the_time_of_a_call_does_not_begin_before_there_is_a_worker_for_it() {
        HttpResponse<String> response = tokenWithScript("""
                for (const until = Date.now() + 2500; Date.now() < until; );
                module.exports = (client, scope, audience, context, cb) => cb(null, {scope});""");
        assertThat(claims(response).path("scope").asString()).isEqualTo("read:invoices write:invoices");
    }

    @Test
    void many_calls_run_at_once() {
        tokenWith("setTimeout(() => cb(null, {scope}), 20);");
        List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, 100)
                .mapToObj(_ -> CompletableFuture.supplyAsync(this::token))
                .toList();
        asked.forEach(response -> claims(response.join()));
    }

    @Test
    void tokens_for_the_system_api_run_no_hook() {
        tokenWith("cb(new Error('nobody gets in'));");
        assertThat(server.manage("GET", "hooks", null).statusCode()).isEqualTo(200);
    }

    @Test
    void without_an_enabled_hook_nothing_is_asked() {
        tokenWith("cb(new Error('no'));");
        server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", false));
        assertThat(token().statusCode()).isEqualTo(200);
        server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", true));
        Await.until("the Hook refuses again", () -> token().statusCode() == 500);
    }

    @Test
    void what_is_withdrawn_while_the_hook_runs_is_not_given() {
        JsonNode other = server.createClient("other", Map.of());
        String grant = server.createGrant(other.path("client_id").asString(), AUDIENCE, List.of("read:invoices"))
                .path("id")
                .asString();
        tokenWith("setTimeout(() => cb(null, {scope}), 1000);");
        CompletableFuture<HttpResponse<String>> asked =
                CompletableFuture.supplyAsync(() -> server.token(other, AUDIENCE));
        server.manage("DELETE", "client-grants/" + grant, null);
        assertThat(asked.join().statusCode()).isEqualTo(403);
    }

    @Test
    void a_scope_that_is_withdrawn_while_the_hook_runs_is_not_given() {
        JsonNode other = server.createClient("narrowed", Map.of());
        String grant = server.createGrant(
                        other.path("client_id").asString(), AUDIENCE, List.of("read:invoices", "write:invoices"))
                .path("id")
                .asString();
        tokenWith("setTimeout(() => cb(null, {scope}), 1000);");
        CompletableFuture<HttpResponse<String>> asked =
                CompletableFuture.supplyAsync(() -> server.token(other, AUDIENCE));
        server.manage("PATCH", "client-grants/" + grant, Map.of("scope", List.of("read:invoices")));
        assertThat(asked.join().statusCode()).isEqualTo(503);
        assertThat(claims(server.token(other, AUDIENCE)).path("scope").asString())
                .isEqualTo("read:invoices");
    }
}
