package dev.jeton.token;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RehearsalRoutesTest {
    private static final String API = "https://api.example.com/billing";

    private static TestServer server;
    private static String hookId;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("JETON_HOOKS_DEADLINE", "2s"));
        server.createApi(
                API,
                List.of("read"),
                Map.of("signing_alg", "ES256", "token_lifetime", 60, "token_dialect", "rfc9068_profile"));
        hookId = server.managed(
                        "POST", "hooks", Map.of("name", "claims", "script", "1", "triggerId", "credentials-exchange"))
                .path("id")
                .asString();
        server.managed("POST", "hooks/" + hookId + "/secrets", Map.of("WORD", "sesame"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> test(String body, Object payload) {
        server.managed(
                "PATCH",
                "hooks/" + hookId,
                Map.of("script", "module.exports = function (client, scope, audience, context, cb) {" + body + "};"));
        return server.manage("POST", "hooks/" + hookId + "/test", Map.of("payload", payload));
    }

    private static JsonNode tested(String body, Object payload) {
        HttpResponse<String> response = test(body, payload);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    @Test
    void shows_the_result_and_the_token_that_it_would_lead_to() {
        JsonNode answer = tested(
                """
                console.warn('hello', client.name);
                cb(null, {scope: scope.concat('extra'), sub: 'root', 'https://example.com/seen':
                  [client, audience, context.ip, context.userAgent, context.webtask.secrets.WORD, context.body.purpose]});""",
                Map.of(
                        "audience", API,
                        "client", Map.of("id", "abc", "name", "Job", "tenant", "t", "metadata", Map.of("plan", "full")),
                        "scope", List.of("read"),
                        "context",
                                Map.of("ip", "192.0.2.1", "userAgent", "curl", "body", Map.of("purpose", "export"))));

        JsonNode payload = answer.path("payload");
        String seen = "[{\"name\":\"Job\",\"id\":\"abc\",\"tenant\":\"t\",\"metadata\":{\"plan\":\"full\"}},\"" + API
                + "\",\"192.0.2.1\",\"curl\",\"sesame\",\"export\"]";
        assertThat(payload.path("result").toString())
                .isEqualTo("{\"scope\":[\"read\",\"extra\"],\"https://example.com/seen\":" + seen + "}");
        assertThat(payload.path("token").path("header").path("alg").asString()).isEqualTo("ES256");
        assertThat(payload.path("token").path("header").path("typ").asString()).isEqualTo("at+jwt");
        JsonNode claims = payload.path("token").path("claims");
        assertThat(claims.path("iss").asString()).isEqualTo(server.issuer());
        assertThat(claims.path("sub").asString()).isEqualTo("abc@clients");
        assertThat(claims.path("aud").asString()).isEqualTo(API);
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(60);
        assertThat(claims.path("scope").asString()).isEqualTo("read extra");
        assertThat(claims.path("https://example.com/seen").toString()).isEqualTo(seen);
        assertThat(payload.path("console").toString()).isEqualTo("[{\"level\":\"warn\",\"text\":\"hello Job\"}]");
        assertThat(answer.path("stats")
                        .path("total_runtime_execution_duration_ms")
                        .isNumber())
                .isTrue();
    }

    @Test
    void issues_nothing_and_records_no_token() {
        String before = server.managed("GET", "logs?per_page=1", null)
                .path(0)
                .path("log_id")
                .asString();
        tested("cb(null, {scope})", Map.of());
        for (JsonNode event : server.managed("GET", "logs?from=" + before, null)) {
            assertThat(event.path("type").asString()).isEqualTo("sapi");
        }
    }

    @Test
    void what_the_sample_leaves_out_is_made_up_and_an_unknown_api_has_the_defaults() {
        JsonNode payload = tested("cb(null, {scope})", Map.of("audience", "https://nobody.example.com"))
                .path("payload");
        assertThat(payload.path("result").toString()).isEqualTo("{\"scope\":[]}");
        assertThat(payload.path("token").path("header").path("alg").asString()).isEqualTo("RS256");
        JsonNode claims = payload.path("token").path("claims");
        assertThat(claims.path("aud").asString()).isEqualTo("https://nobody.example.com");
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(86_400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cb(new InvalidScopeError('no'))                | invalid_scope | 400 | no                                                   | InvalidScopeError: no",
                "throw new Error('the detail')                  | server_error  | 500 | Script generated an unhandled synchronous exception. | Error: the detail",
                "while (true);                                  | server_error  | 500 | Request to Webtask exceeded allowed execution time   | it did not answer in time",
                "cb(null, {scope: 'read'})                      | server_error  | 500 | The Hook's scope is not an array of scope names      | The Hook's scope is not an array of scope names",
            })
    void an_error_is_shown_with_its_reason(String body, String code, int status, String message, String reason) {
        JsonNode payload = tested(body, Map.of()).path("payload");
        assertThat(payload.has("result")).isFalse();
        assertThat(payload.has("token")).isFalse();
        JsonNode error = payload.path("error");
        assertThat(error.path("code").asString()).isEqualTo(code);
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("message").asString()).isEqualTo(message);
        assertThat(error.path("reason").asString()).startsWith(reason);
    }

    @Test
    void a_hook_that_does_not_compile_is_shown_where() {
        server.managed("PATCH", "hooks/" + hookId, Map.of("script", "module.exports = function () {"));
        JsonNode error = server.managed("POST", "hooks/" + hookId + "/test", Map.of("payload", Map.of()))
                .path("payload")
                .path("error");
        assertThat(error.path("message").asString())
                .isEqualTo("Unable to compile the extensibility code as javascript");
        assertThat(error.path("reason").asString()).contains("hook.js:1");
    }

    @Test
    void tokens_of_the_system_api_run_no_code_so_there_is_nothing_to_test() {
        assertRefused(
                test("cb(null, {scope})", Map.of("audience", server.issuer() + "api/v2/")),
                400,
                "Tokens for the Management API run neither Hooks nor Actions: name another API as the audience",
                "operation_not_supported");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"payload\":1}                              | 'Expected type object but found type integer' on property payload.",
                "{\"payload\":{\"scope\":\"read\"}}           | 'Expected type array but found type string' on property payload.scope.",
                "{\"payload\":{\"client\":{\"id\":\"\"}}}     | 'String is too short (0 chars), minimum 1' on property payload.client.id.",
                "{\"payload\":{\"client\":{\"nick\":\"x\"}}}  | 'Additional properties not allowed: nick' on property payload.client.",
                "{\"payload\":{\"context\":{\"x\":1}}}        | 'Additional properties not allowed: x' on property payload.context.",
                "{\"script\":\"x\"}                           | 'Additional properties not allowed: script'.",
            })
    void what_is_no_sample_is_refused_with_its_place(String body, String detail) {
        assertRefused(
                server.manage("POST", "hooks/" + hookId + "/test", body),
                400,
                "Payload validation error: " + detail,
                "invalid_body");
    }

    @Test
    void only_what_is_there_can_be_tested() {
        assertRefused(
                server.manage("POST", "hooks/nothing/test", Map.of()),
                404,
                "Error: Hook does not exist",
                "HookDoesNotExist");
    }
}
