package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppsCommandTest {
    private static final String APP = """
            {"client_id":"app1","name":"Billing worker","app_type":"non_interactive",
             "grant_types":["client_credentials"],"client_metadata":{"region":"eu"}}""";
    private static final String WITHOUT_SECRETS =
            "fields=client_secret%2Csigning_keys%2Cencryption_key&include_fields=false";

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
    void creates_a_machine_that_may_use_client_credentials_and_shows_its_secret() {
        server.on("POST /api/v2/clients", 201, """
                {"client_id":"app1","client_secret":"s3cret","name":"Billing worker","app_type":"non_interactive"}""");

        Result result = jeton("apps", "create", "Billing worker");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"name":"Billing worker","app_type":"non_interactive","grant_types":["client_credentials"]}"""));
        assertThat(server.last().headers().getFirst("Authorization")).isEqualTo("Bearer management-token");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("""
                        The application is created.

                        Name            Billing worker
                        Client ID       app1
                        Type            non_interactive
                        Authentication  in the body or by Basic
                        Client secret   s3cret

                        Next, let it call an API:
                          jeton grants create --app app1 --api <identifier> --scope <scope>
                        """);
    }

    @Test
    void sends_every_setting_that_was_given() {
        server.on("POST /api/v2/clients", 201, APP);

        jeton(
                "apps",
                "create",
                "Web",
                "--description",
                "d",
                "--type",
                "regular_web",
                "--auth-method",
                "client_secret_basic",
                "--grant-type",
                "client_credentials",
                "--grant-type",
                "password",
                "--metadata",
                "region=eu",
                "--metadata",
                "tier=a=b");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"name":"Web","app_type":"regular_web","grant_types":["client_credentials","password"],
                 "description":"d","token_endpoint_auth_method":"client_secret_basic",
                 "client_metadata":{"region":"eu","tier":"a=b"}}"""));
    }

    @Test
    void prints_the_json_of_the_server_unchanged() {
        server.on("POST /api/v2/clients", 201, APP);

        Result result = jeton("apps", "create", "Billing worker", "--json");

        assertThat(Json.parse(result.out())).isEqualTo(Json.parse(APP));
        assertThat(result.out()).startsWith("{\n  \"client_id\" : \"app1\",\n");
    }

    @Test
    void lists_page_by_page_until_no_next_is_named() {
        String first = "GET /api/v2/clients?" + WITHOUT_SECRETS + "&take=100";
        String second = first + "&from=page%202";
        server.on(first, 200, "{\"clients\":[" + APP + "],\"next\":\"page 2\"}");
        server.on(second, 200, """
                {"clients":[{"client_id":"app2","name":"Key","client_authentication_methods":{"private_key_jwt":{}}}]}""");

        Result result = jeton("apps", "list");

        assertThat(server.calls()).containsExactly(first, second);
        assertThat(server.tokenRequests()).hasSize(1);
        assertThat(result.out()).isEqualTo("""
                        NAME            CLIENT ID  TYPE             AUTHENTICATION
                        Billing worker  app1       non_interactive  in the body or by Basic
                        Key             app2                        private_key_jwt
                        """);
    }

    @Test
    void lists_all_pages_as_one_json_array() {
        server.on("GET /api/v2/clients", 200, "{\"clients\":[" + APP + "]}");

        assertThat(Json.parse(jeton("apps", "list", "--json").out())).isEqualTo(Json.parse("[" + APP + "]"));
    }

    @Test
    void says_how_to_begin_when_there_is_none() {
        server.on("GET /api/v2/clients", 200, "{\"clients\":[]}");

        assertThat(jeton("apps", "list").out()).contains("jeton apps create NAME");
    }

    @Test
    void does_not_read_secrets_unless_told_to() {
        server.on("GET /api/v2/clients/app1", 200, APP);

        Result result = jeton("apps", "show", "app1");

        assertThat(server.calls()).containsExactly("GET /api/v2/clients/app1?" + WITHOUT_SECRETS);
        assertThat(result.out()).contains("Metadata region  eu").doesNotContain("secret ");
    }

    @Test
    void shows_the_secret_when_told_to() {
        server.on("GET /api/v2/clients/app1", 200, "{\"client_id\":\"app1\",\"client_secret\":\"s3cret\"}");

        Result result = jeton("apps", "show", "app1", "--reveal-secrets");

        assertThat(server.calls()).containsExactly("GET /api/v2/clients/app1");
        assertThat(result.out()).contains("Client secret   s3cret");
    }

    @Test
    void says_so_when_the_server_does_not_reveal_the_secret() {
        server.on("GET /api/v2/clients/app1", 200, APP);

        assertThat(jeton("apps", "show", "app1", "--reveal-secrets").out()).contains("not revealed");
    }

    @Test
    void updates_only_what_was_given() {
        server.on("PATCH /api/v2/clients/app1", 200, APP);

        Result result =
                jeton("apps", "update", "app1", "--name", "New", "--metadata", "a=b", "--remove-metadata", "region");

        assertThat(result.exitCode()).isZero();
        assertThat(server.last().json())
                .isEqualTo(Json.parse("{\"name\":\"New\",\"client_metadata\":{\"a\":\"b\",\"region\":null}}"));
    }

    @Test
    void refuses_an_update_of_nothing() {
        Result result = jeton("apps", "update", "app1");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void rotates_the_secret_and_shows_the_new_one() {
        server.on("POST /api/v2/clients/app1/rotate-secret", 200, """
                {"client_id":"app1","client_secret":"n3w"}""");

        Result result = jeton("apps", "rotate-secret", "app1");

        assertThat(server.last().body()).isEmpty();
        assertThat(result.out()).contains("Client secret  n3w");
    }

    @Test
    void asks_for_the_name_before_it_deletes_and_says_what_goes_with_it() {
        server.on("GET /api/v2/clients/app1", 200, APP);
        server.on("GET /api/v2/client-grants", 200, "{\"client_grants\":[{\"id\":\"cgr_1\"}]}");
        server.on("DELETE /api/v2/clients/app1", 204, "");

        Result result = CommandLineRun.against(server, folder)
                .answering(new Typing("Billing worker"))
                .run("apps", "delete", "app1");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("'Billing worker' (app1), its secret and its grants: 1.");
        assertThat(server.last()).hasToString("DELETE /api/v2/clients/app1");
    }

    @Test
    void deletes_nothing_when_something_else_is_typed() {
        server.on("GET /api/v2/clients/app1", 200, APP);
        server.on("GET /api/v2/client-grants", 200, "{\"client_grants\":[]}");

        Result result = CommandLineRun.against(server, folder)
                .answering(new Typing("yes"))
                .run("apps", "delete", "app1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(server.calls()).noneMatch(call -> call.startsWith("DELETE"));
    }

    @Test
    void needs_yes_without_a_terminal_to_ask_at() {
        Result result = jeton("apps", "delete", "app1");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("--yes");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void deletes_unasked_with_yes() {
        server.on("DELETE /api/v2/clients/app1", 204, "");

        assertThat(jeton("apps", "delete", "app1", "--yes").exitCode()).isZero();
        assertThat(server.calls()).containsExactly("DELETE /api/v2/clients/app1");
    }

    @Test
    void refuses_an_id_that_would_be_another_path() {
        assertThat(jeton("apps", "delete", "", "--yes").exitCode()).isEqualTo(2);
        assertThat(jeton("apps", "delete", "..", "--yes").exitCode()).isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void escapes_what_would_steer_the_terminal() {
        server.on("GET /api/v2/clients", 200, """
                {"clients":[{"name":"\\u001b[31mred\\nnext\\u202e","client_id":"app1\\u0085"}]}""");

        String table = jeton("apps", "list").out();
        String json = jeton("apps", "list", "--json").out();

        assertThat(table).contains("\\u001b[31mred\\nnext\\u202e").doesNotContain("\u001b", "\u202e", "\u0085");
        assertThat(json).doesNotContain("\u001b", "\u202e", "\u0085");
        assertThat(Json.parse(json).path(0).path("name").stringValue()).isEqualTo("\u001b[31mred\nnext\u202e");
    }
}
