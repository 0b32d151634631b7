package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApisCommandTest {
    private static final String API = """
            {"id":"66f2a1c09d3e4b7a5c018e2f","name":"Timesheets","identifier":"https://api.example.com/v1",
             "token_lifetime":86400,"signing_alg":"RS256",
             "scopes":[{"value":"read:timesheets","description":"Read timesheets"},{"value":"create:timesheets"}]}""";
    private static final String BY_IDENTIFIER = "/api/v2/resource-servers/https%3A%2F%2Fapi.example.com%2Fv1";

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

    @Test
    void creates_an_api_with_its_scopes() {
        server.on("POST /api/v2/resource-servers", 201, API);

        Result result = jeton(
                "apis",
                "create",
                "Timesheets",
                "--identifier",
                "https://api.example.com/v1",
                "--scope",
                "read:timesheets=Read timesheets",
                "--scope",
                "create:timesheets",
                "--token-lifetime",
                "3600",
                "--signing-alg",
                "ES256",
                "--token-dialect",
                "rfc9068_profile_authz");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"name":"Timesheets","identifier":"https://api.example.com/v1",
                 "scopes":[{"value":"read:timesheets","description":"Read timesheets"},{"value":"create:timesheets"}],
                 "token_lifetime":3600,"signing_alg":"ES256","token_dialect":"rfc9068_profile_authz",
                 "enforce_policies":true}"""));
        assertThat(result.out()).isEqualTo("""
                        The API is created.

                        Name            Timesheets
                        Identifier      https://api.example.com/v1
                        ID              66f2a1c09d3e4b7a5c018e2f
                        Token lifetime  1 d
                        Signed with     RS256
                        Token dialect   access_token
                        Scopes          2

                        Next, let an application call it:
                          jeton grants create --app <client id> --api https://api.example.com/v1 --scope <scope>
                        """);
    }

    @Test
    void takes_the_signing_secret_from_a_file() throws IOException {
        server.on("POST /api/v2/resource-servers", 201, API);
        Files.writeString(folder.resolve("hs256"), "sixteen-characters\n");

        jeton(
                "apis",
                "create",
                "A",
                "--identifier",
                "urn:a",
                "--signing-alg",
                "HS256",
                "--signing-secret-file",
                "hs256");

        assertThat(server.last().json().path("signing_secret").stringValue()).isEqualTo("sixteen-characters");
    }

    @Test
    void lists_the_apis_without_their_secrets() {
        server.on("GET /api/v2/resource-servers", 200, "{\"resource_servers\":[" + API + "]}");

        Result result = jeton("apis", "list");

        assertThat(server.calls())
                .containsExactly("GET /api/v2/resource-servers?fields=signing_secret&include_fields=false&take=100");
        assertThat(result.out()).isEqualTo("""
                        NAME        IDENTIFIER                  ALG    TOKEN LIFETIME  SCOPES
                        Timesheets  https://api.example.com/v1  RS256  1 d             2
                        """);
    }

    @Test
    void finds_an_api_by_its_identifier_in_one_path_segment() {
        server.on("GET " + BY_IDENTIFIER, 200, API);

        Result result = jeton("apis", "show", "https://api.example.com/v1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).endsWith("""

                SCOPE              DESCRIPTION
                read:timesheets    Read timesheets
                create:timesheets
                """);
    }

    @Test
    void replaces_the_scopes_of_an_api_and_empties_them_with_an_empty_one() {
        server.on("PATCH " + BY_IDENTIFIER, 200, API);

        jeton("apis", "update", "https://api.example.com/v1", "--scope", "");

        assertThat(server.last().json()).isEqualTo(Json.parse("{\"scopes\":[]}"));
    }

    @Test
    void deletes_an_api_by_its_identifier() {
        server.on("DELETE " + BY_IDENTIFIER, 204, "");

        assertThat(jeton("apis", "delete", "https://api.example.com/v1", "--yes")
                        .exitCode())
                .isZero();
    }

    @Test
    void says_where_to_look_when_there_is_no_such_api() {
        server.on("GET /api/v2/resource-servers/nope", 404, """
                {"statusCode":404,"error":"Not Found","message":"The resource server does not exist",
                 "errorCode":"inexistent_resource_server"}""");

        Result result = jeton("apis", "show", "nope");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("""
                        jeton: cannot show the API: The resource server does not exist
                          see the identifiers with jeton apis list
                        """);
    }
}
