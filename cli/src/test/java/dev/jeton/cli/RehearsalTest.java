package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
    private static final String ACCEPTED = """
            {"payload":{"result":{"scope":["read:a"],"https://x.org/plan":"full"},
                "token":{"header":{"alg":"RS256"},"claims":{"iss":"http://x/","scope":"read:a"}},
                "console":[{"level":"log","text":"plan is\\nfull"},{"level":"warn","text":"\\u001b[31m"}]},
             "stats":{"total_request_duration_ms":12.3,"total_runtime_execution_duration_ms":1.2}}""";
    private static final String REFUSED = """
            {"payload":{"error":{"code":"invalid_scope","status":400,"message":"Not this scope.",
                "reason":"InvalidScopeError: Not this scope.\\n    at hook.js:3:10"},"console":[]},
             "stats":{"total_request_duration_ms":12.3,"total_runtime_execution_duration_ms":0.5}}""";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void oneHookAndOneApplication() {
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[{\"id\":\"h1\",\"name\":\"One\"}]}");
        server.on("POST /api/v2/hooks/h1/test", 200, ACCEPTED);
        server.on("GET /api/v2/clients/app1", 200, """
                {"client_id":"app1","name":"Billing worker","client_metadata":{"plan":"full"}}""");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    @Test
    void shows_what_the_hook_did_and_the_token_that_would_be() {
        assertThat(jeton("hooks", "test", "One")).isEqualTo(new Result(0, """
                        The Hook 'One' ran for 1.2 ms, as a test: no token was issued.

                        LEVEL  CONSOLE
                        log    plan is\\nfull
                        warn   \\u001b[31m

                        RESULT              VALUE
                        scope               ["read:a"]
                        https://x.org/plan  full

                        The token would be:

                        HEADER  VALUE      MEANING
                        alg     RS256      signature algorithm

                        CLAIM   VALUE      MEANING
                        iss     http://x/  issuer: the server that signed it
                        scope   read:a     what it may do
                        """, ""));
        assertThat(server.last().json()).isEqualTo(Json.parse("{\"payload\":{\"scope\":[]}}"));
    }

    @Test
    void fails_when_the_hook_refuses_and_shows_where() {
        server.on("POST /api/v2/hooks/h1/test", 200, REFUSED);

        assertThat(jeton("hooks", "test", "One"))
                .isEqualTo(new Result(
                        1, """
                        The Hook 'One' ran for 0.5 ms, as a test: no token was issued.

                        InvalidScopeError: Not this scope.
                            at hook.js:3:10
                        """, "jeton: the Hook 'One' gives no token: invalid_scope (400): Not this scope.\n"));
    }

    @Test
    void prints_the_answer_as_json_and_tells_the_outcome_by_the_exit_code() {
        Result accepted = jeton("hooks", "test", "One", "--json");
        server.on("POST /api/v2/hooks/h1/test", 200, REFUSED);
        Result refused = jeton("hooks", "test", "One", "--json");

        assertThat(accepted.exitCode()).isZero();
        assertThat(Json.parse(accepted.out())).isEqualTo(Json.parse(ACCEPTED));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).isEmpty();
        assertThat(Json.parse(refused.out())).isEqualTo(Json.parse(REFUSED));
    }

    @Test
    void takes_a_real_application_without_reading_its_secret() {
        jeton("hooks", "test", "One", "--app", "app1", "--api", "urn:api", "--scope", "read:a read:b");

        assertThat(server.calls())
                .contains(
                        "GET /api/v2/clients/app1?fields=client_secret%2Csigning_keys%2Cencryption_key&include_fields=false");
        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"payload":{"audience":"urn:api",
                 "client":{"id":"app1","name":"Billing worker","tenant":"127.0.0.1","metadata":{"plan":"full"}},
                 "scope":["read:a","read:b"]}}"""));
    }

    @Test
    void of_a_grant_of_all_scopes_it_is_what_the_api_has() {
        server.on("GET /api/v2/client-grants", 200, """
                {"client_grants":[{"id":"cgr_1","allow_all_scopes":true}]}""").on("GET /api/v2/resource-servers/urn%3Aapi", 200, """
                {"id":"api1","identifier":"urn:api","scopes":[{"value":"read:a"},{"value":"write:a"}]}""");

        jeton("hooks", "test", "One", "--app", "app1", "--api", "urn:api");

        assertThat(server.last().json().path("payload").path("scope"))
                .isEqualTo(Json.parse("[\"read:a\",\"write:a\"]"));
    }

    @Test
    void the_scope_is_all_that_the_application_was_granted_unless_one_is_named() {
        server.on("GET /api/v2/client-grants", 200, """
                {"client_grants":[{"id":"cgr_1","scope":["read:a","write:a"]}]}""");

        jeton("hooks", "test", "One", "--app", "app1", "--api", "urn:api");

        assertThat(server.calls()).contains("GET /api/v2/client-grants?client_id=app1&audience=urn%3Aapi&take=100");
        assertThat(server.last().json().path("payload").path("scope"))
                .isEqualTo(Json.parse("[\"read:a\",\"write:a\"]"));
    }

    @Test
    void says_where_to_look_when_there_is_no_such_application() {
        server.on("GET /api/v2/clients/nope", 404, """
                {"statusCode":404,"error":"Not Found","message":"The client does not exist","errorCode":"inexistent_client"}""");

        assertThat(jeton("hooks", "test", "One", "--app", "nope")).isEqualTo(new Result(1, "", """
                        jeton: cannot test the Hook: The client does not exist
                          see the client ids with jeton apps list
                        """));
    }

    @Test
    void sends_a_whole_sample_from_a_file_or_standard_input() throws IOException {
        Files.writeString(folder.resolve("sample.json"), "{\"scope\":[\"a\"],\"context\":{\"ip\":\"203.0.113.7\"}}");

        jeton("hooks", "test", "One", "--body", "sample.json");
        assertThat(server.last().json())
                .isEqualTo(Json.parse("{\"payload\":{\"scope\":[\"a\"],\"context\":{\"ip\":\"203.0.113.7\"}}}"));

        CommandLineRun.against(server, folder)
                .reading("{\"audience\":\"urn:x\"}")
                .run("hooks", "test", "One", "--body", "-");
        assertThat(server.last().json()).isEqualTo(Json.parse("{\"payload\":{\"audience\":\"urn:x\"}}"));
    }

    @Test
    void refuses_a_sample_that_is_none_or_is_given_twice() throws IOException {
        Files.writeString(folder.resolve("sample.json"), "[1]");
        Files.writeString(folder.resolve("broken.json"), "{\"scope\":");

        assertThat(jeton("hooks", "test", "One", "--body", "sample.json").err())
                .isEqualTo("jeton: the sample in sample.json is no JSON object\n");
        assertThat(jeton("hooks", "test", "One", "--body", "broken.json").err())
                .startsWith("jeton: the sample in broken.json is not JSON: ");
        assertThat(jeton("hooks", "test", "One", "--body", "none.json").exitCode())
                .isEqualTo(2);
        assertThat(jeton("hooks", "test", "One", "--body", "sample.json", "--api", "urn:x")
                        .exitCode())
                .isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void passes_on_why_the_server_could_not_test_at_all() {
        server.on("POST /api/v2/hooks/h1/test", 503, """
                {"statusCode":503,"error":"Service Unavailable","message":"All workers are busy"}""");

        assertThat(jeton("hooks", "test", "One"))
                .isEqualTo(new Result(3, "", "jeton: cannot test the Hook: All workers are busy\n  try again later\n"));
    }
}
