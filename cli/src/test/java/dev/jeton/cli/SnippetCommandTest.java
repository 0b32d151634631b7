package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SnippetCommandTest {
    private static final String HOSTILE = "a'b\"c\\d$HOME `id` #{1} \\u0022 ü€😀 {{client_secret}} \\";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void register() {
        client("app1", "Billing worker", "s3cret");
        api("urn:api", "RS256");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void client(String id, String name, String secret) {
        JsonNode client = Json.object().put("client_id", id).put("name", name);
        server.on("GET /api/v2/clients/" + id, request -> {
            boolean withoutSecret = request.target().contains("include_fields=false");
            return new FakeServer.Reply(
                    200,
                    Json.compact(
                            withoutSecret
                                    ? client
                                    : client.deepCopy().asObject().put("client_secret", secret)));
        });
    }

    private void api(String identifier, String algorithm) {
        JsonNode api = Json.object().put("identifier", identifier).put("signing_alg", algorithm);
        server.on("GET /api/v2/resource-servers/urn%3Aapi", 200, Json.compact(api));
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    private Result token(String language, String... more) {
        return jeton(Stream.concat(Stream.of("snippet", language, "--app", "app1", "--api", "urn:api"), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void lists_what_there_is_in_the_order_of_the_index() {
        Result result = new CommandLineRun(folder).run("snippet");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .hasSize(20)
                .startsWith(
                        "LANGUAGE                 NAME         TASK    RUN BY THE TESTS",
                        "cURL                     curl         token   yes",
                        "C#                       csharp       token   no");
        assertThat(new CommandLineRun(folder).run("snippet", "--task", "call").out())
                .doesNotContain("token", "verify");
    }

    @Test
    void writes_the_real_values_and_leaves_out_the_secret() {
        Result result = token("Python");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .startsWith("import json\n")
                .contains(
                        "\"" + server.issuer() + "oauth/token\"",
                        "\"client_id\": \"app1\"",
                        "\"client_secret\": \"YOUR_CLIENT_SECRET\"",
                        "\"audience\": \"urn:api\"")
                .doesNotContain("{{");
        assertThat(result.err())
                .isEqualTo("jeton: YOUR_CLIENT_SECRET stands for the application's secret; --with-secret writes it\n");
        assertThat(server.calls()).noneMatch(call -> call.equals("GET /api/v2/clients/app1"));
    }

    @Test
    void writes_the_secret_only_when_asked_to() {
        Result result = token("go", "--with-secret");

        assertThat(result.out()).contains("\"client_secret\": \"s3cret\"");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void no_value_breaks_out_of_its_quotes() {
        client("app1", "Billing worker", HOSTILE);

        assertThat(token("node", "--with-secret").out())
                .contains("\"a'b\\\"c\\\\d$HOME `id` #{1} \\\\u0022 ü€😀 {{client_secret}} \\\\\",");
        assertThat(token("php", "--with-secret").out())
                .contains("'a\\'b\"c\\\\d$HOME `id` #{1} \\\\u0022 ü€😀 {{client_secret}} \\\\',");
        String json = token("curl", "--with-secret").out();
        assertThat(Json.parse(json.substring(json.indexOf('{'), json.lastIndexOf('}') + 1))
                        .path("client_secret")
                        .stringValue())
                .isEqualTo(HOSTILE);
    }

    @Test
    void refuses_a_value_that_ends_the_line_it_stands_in() {
        for (String unprintable : List.of("a\nJSON", "a\u0085b", "a\u2028b", "a\u202eb")) {
            client("app1", "Billing worker", unprintable);

            Result result = token("curl", "--with-secret");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).startsWith("jeton: the client secret has characters that are not printable");
        }
    }

    @Test
    void a_url_stays_in_its_quotes() {
        Result result = jeton("snippet", "curl", "--task", "call", "--api-url", "https://x.example/ü?a='\n\"b\\&c=%20");

        assertThat(result.out()).contains("--url 'https://x.example/%C3%BC?a=%27%0A%22b%5C&c=%20' \\\n");
        assertThat(result.err())
                .isEqualTo("jeton: YOUR_ACCESS_TOKEN stands for an access token; jeton token prints one\n");
    }

    @Test
    void prints_the_program_and_what_is_said_of_it_as_json() {
        JsonNode shown = Json.parse(token("C#", "--json").out());

        assertThat(shown.path("name").stringValue()).isEqualTo("csharp");
        assertThat(shown.path("executed").booleanValue()).isFalse();
        assertThat(shown.path("note").stringValue()).isNotEmpty();
        assertThat(shown.path("text").stringValue()).contains("\"app1\"");
        assertThat(Json.texts(shown, "missing")).containsExactly("client_secret");
    }

    @Test
    void a_program_that_checks_tokens_needs_no_application() {
        Result result = jeton("snippet", "spring", "--api", "urn:api");

        assertThat(result.out()).contains("forIssuer(\"" + server.issuer() + "\", \"urn:api\")");
        assertThat(result.err()).isEmpty();

        api("urn:api", "HS256");
        assertThat(jeton("snippet", "spring", "--api", "urn:api").err())
                .startsWith("jeton: warning:")
                .contains("HS256");
    }

    @Test
    void a_page_in_a_browser_gets_neither_secret_nor_question() {
        Result result = jeton("snippet", "browser", "--with-secret");

        assertThat(result.out()).startsWith("// A page has no client secret");
        assertThat(result.err()).isEmpty();
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void finds_the_application_by_its_name() {
        server.on("GET /api/v2/clients", 200, """
                {"clients":[{"client_id":"other","name":"Billing"},{"client_id":"app1","name":"Billing worker"}]}""");

        assertThat(jeton("snippet", "ruby", "--app", "Billing worker", "--api", "urn:api")
                        .out())
                .contains("client_id: 'app1'");
        assertThat(jeton("snippet", "ruby", "--app", "Shipping", "--api", "urn:api")
                        .err())
                .isEqualTo("""
                        jeton: cannot write the program: no application has the client id or the name 'Shipping'
                          see the client ids with jeton apps list
                        """);
    }

    @Test
    void asks_which_of_two_applications_of_one_name_is_meant() {
        server.on("GET /api/v2/clients", 200, """
                {"clients":[{"client_id":"c1","name":"Twin"},{"client_id":"c2","name":"Twin"}]}""");

        Result result = jeton("snippet", "ruby", "--app", "Twin", "--api", "urn:api");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("""
                        jeton: cannot write the program: 2 applications are called 'Twin'
                          give the client id: c1 or c2
                        """);
    }

    @Test
    void warns_when_the_application_must_not_send_its_secret_so() {
        server.on("GET /api/v2/clients/app1", 200, """
                {"client_id":"app1","token_endpoint_auth_method":"client_secret_basic"}""");

        assertThat(token("swift").err())
                .startsWith("jeton: warning: the application is set up for client_secret_basic")
                .contains("jeton apps update app1 --auth-method client_secret_post");
    }

    @Test
    void says_so_when_the_server_does_not_tell_the_secret() {
        client("app1", "Billing worker", "");

        Result result = token("java", "--with-secret");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("the server does not tell the secret of app1", "--with-secret");
    }

    @Test
    void says_what_is_missing_or_not_there() {
        assertThat(jeton("snippet", "php", "--app", "app1"))
                .isEqualTo(new Result(2, "", "jeton: give --api: it is written into the program\n"));
        assertThat(jeton("snippet", "php", "--api", "urn:api"))
                .isEqualTo(new Result(2, "", "jeton: give --app: it is written into the program\n"));
        assertThat(jeton("snippet", "ruby", "--task", "call")).isEqualTo(new Result(2, "", """
                        jeton: there is no such program in 'ruby', only in curl, java, node, python
                          see what there is with jeton snippet
                        """));
        assertThat(jeton("snippet", "--task", "sign"))
                .isEqualTo(new Result(2, "", "jeton: --task is token, call or verify, not 'sign'\n"));
    }
}
