package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private void refuses(int status, String error, String description) {
        String body = Json.compact(Json.object().put("error", error).put("error_description", description));
        server.on("POST /oauth/token", status, body);
    }

    @Test
    void prints_nothing_but_the_token() {
        Result result = jeton("token", "--api", "urn:api", "--scope", "a", "--scope", "b");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"grant_type":"client_credentials","client_id":"cli-client","audience":"urn:api","scope":"a b",
                 "client_secret":"the-secret-of-the-command-line"}"""));
        assertThat(result).isEqualTo(new Result(0, "management-token\n", ""));
    }

    @Test
    void knows_the_ways_in_which_a_secret_travels() {
        assertThat(jeton("token", "--api", "urn:api", "--auth-method", "client_secret_baisc"))
                .isEqualTo(new Result(2, "", """
                        jeton: --auth-method is client_secret_post or client_secret_basic, not 'client_secret_baisc'
                        """));
        assertThat(server.tokenRequests()).isEmpty();
    }

    @Test
    void prints_the_whole_answer_as_json() {
        assertThat(Json.parse(jeton("token", "--api", "urn:api", "--json").out()))
                .isEqualTo(Json.parse("""
                        {"access_token":"management-token","expires_in":86400,"token_type":"Bearer"}"""));
    }

    @Test
    void reads_the_secret_of_an_application_from_the_server_and_sends_it_as_the_application_does() {
        server.on("GET /api/v2/clients/app1", 200, """
                {"client_id":"app1","client_secret":"s+/:","token_endpoint_auth_method":"client_secret_basic"}""");

        Result result = jeton("token", "--api", "urn:api", "--app", "app1");

        assertThat(result.exitCode()).isZero();
        String basic =
                "Basic " + Base64.getEncoder().encodeToString("app1:s%2B%2F%3A".getBytes(StandardCharsets.UTF_8));
        assertThat(server.last().headers().getFirst("Authorization")).isEqualTo(basic);
        assertThat(server.last().json().has("client_secret")).isFalse();
    }

    @Test
    void says_so_when_the_server_no_longer_tells_the_secret() {
        server.on("GET /api/v2/clients/app1", 200, "{\"client_id\":\"app1\"}");

        Result result = jeton("token", "--api", "urn:api", "--app", "app1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("the server does not tell the secret of app1", "--secret-file", "apps rotate-secret app1");
    }

    @Test
    void takes_the_secret_of_an_application_from_a_file_and_then_needs_no_credentials_of_its_own() throws IOException {
        Files.writeString(folder.resolve("app1.secret"), "from-file\n");

        Result result = new CommandLineRun(folder)
                .run(
                        "--url",
                        server.issuer(),
                        "token",
                        "--api",
                        "urn:api",
                        "--app",
                        "app1",
                        "--secret-file",
                        "app1.secret");

        assertThat(result.exitCode()).isZero();
        assertThat(server.calls()).isEmpty();
        assertThat(server.last().json().path("client_secret").stringValue()).isEqualTo("from-file");
    }

    @Test
    void shows_each_claim_with_a_plain_word() {
        String token = part("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}") + "."
                + part("{\"iss\":\"http://x/\",\"exp\":1795540530,\"scope\":\"\",\"https://x.org/y\":[1]}") + ".c2ln";
        server.on("POST /oauth/token", _ -> new Reply(200, "{\"access_token\":\"" + token + "\"}"));

        Result result = jeton("token", "--api", "urn:api", "--decode");

        assertThat(result.out()).isEqualTo("""
                        HEADER           VALUE       MEANING
                        alg              RS256       signature algorithm
                        typ              JWT         kind of token
                        kid              k1          key that signed it, in the server's key set

                        CLAIM            VALUE       MEANING
                        iss              http://x/   issuer: the server that signed it
                        exp              1795540530  expires 2026-11-24 17:15:30Z, in 1 d
                        scope                        what it may do: nothing by scope
                        https://x.org/y  [1]         added by a Hook or Action

                        Not checked; to check it, pipe the token without --decode into: jeton verify --api urn:api
                        """);
    }

    @Test
    void says_what_cannot_be_decoded() {
        assertThat(jeton("token", "--api", "urn:api", "--decode").err()).contains("not a JWT");
    }

    @Test
    void names_the_grant_that_is_missing() {
        refuses(
                403,
                "access_denied",
                "Client \"cli-client\" is not authorized to access resource server \"urn:api\"."
                        + " You need to create a \"client-grant\" associated to this API.");

        Result result = jeton("token", "--api", "urn:api");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("jeton: cannot get a token: Client \"cli-client\" is not authorized")
                .endsWith("\n  jeton grants create --app cli-client --api urn:api --scope <scope>\n");
    }

    @Test
    void points_to_the_credentials_when_they_are_refused_and_never_shows_the_secret() {
        refuses(401, "access_denied", "Unauthorized");

        Result result = jeton("token", "--api", "urn:api");

        assertThat(result.err()).isEqualTo("""
                        jeton: cannot get a token: Unauthorized
                          check the client id cli-client and its secret
                        """).doesNotContain(CommandLineRun.SECRET);
    }
}
