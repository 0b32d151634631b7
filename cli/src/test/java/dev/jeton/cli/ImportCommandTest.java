package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ImportCommandTest extends ImportScene {
    private void wholeTenant() {
        file("resource-servers/Timesheets.json", """
                {"name":"Timesheets","identifier":"https://api.example.com","scopes":[{"value":"read:x"}]}""");
        file("resource-servers/Auth0 Management API.json", """
                {"name":"Auth0 Management API","identifier":"https://acme.example.com/api/v2/","is_system":true}""");
        file("clients/Import job.json", """
                {"name":"Import job","app_type":"non_interactive","grant_types":["client_credentials"],
                 "is_first_party":true,"callback_url_template":false}""");
        file("clients/Shop.json", """
                {"name":"Shop","app_type":"spa","grant_types":["authorization_code"]}""");
        file("grants/one.json", """
                {"client_id":"Import job","audience":"https://api.example.com","scope":["read:x"]}""");
        file("grants/two.json", """
                {"client_id":"Import job","audience":"https://acme.example.com/api/v2/","scope":["read:clients"]}""");
        file("grants/three.json", """
                {"client_id":"Shop","audience":"https://api.example.com","scope":[]}""");
        file("hooks/plan.json", """
                {"name":"plan","script":"./plan.js","enabled":true,"triggerId":"credentials-exchange",
                 "dependencies":{"ms":"2.1.3"},"secrets":{"KEY":"_VALUE_NOT_SHOWN_"}}""");
        file("hooks/plan.js", "module.exports = (client, scope, audience, context, cb) => cb(null, {});");
        file("hooks/welcome.json", """
                {"name":"welcome","script":"./welcome.js","enabled":true,"triggerId":"post-user-registration"}""");
        file("actions/Add claim.json", """
                {"name":"Add claim","code":"./actions/Add claim/code.js","deployed":true,"runtime":"node22",
                 "supported_triggers":[{"id":"credentials-exchange","version":"v2"}],"secrets":[],"dependencies":[]}""");
        file("actions/Add claim/code.js", "exports.onExecuteCredentialsExchange = async () => {};");
        file("triggers/triggers.json", """
                {"credentials-exchange":[{"action_name":"Add claim","display_name":"Add claim"}],
                 "post-login":[{"action_name":"Greet","display_name":"Greet"}]}""");
        file("tenant.json", "{\"friendly_name\":\"Acme\",\"sandbox_versions_available\":[\"22\"]}");
        file("log-streams/SIEM.json", """
                {"name":"SIEM","type":"http","status":"active","sink":{"httpEndpoint":"https://siem.example.com"}}""");
        file("connections/google.json", "{}");
        file("roles/admin.json", "{}");
        file("database-connections/users/database.json", "{}");
        file("database-connections/users/login.js", "");
    }

    @Test
    void takes_a_whole_tenant_and_says_what_it_skips_and_why() {
        wholeTenant();
        file("../secrets.json", """
                {"clients":{"Import job":"secret-of-the-job"},"hooks":{"plan":{"KEY":"value-of-key"}}}""");

        Result result = jeton("--secrets", "secrets.json");

        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("""
                RESULT   WHAT                   NAME                                           REMARK
                skipped  API                    https://acme.example.com/api/v2/               every server has its own management API
                created  API                    https://api.example.com
                created  application            Import job                                     client id newId
                updated  secret of application  Import job
                skipped  application            Shop                                           it does not use client_credentials
                created  grant                  Import job → https://api.example.com
                skipped  grant                  Shop → https://api.example.com                 its application was not imported
                skipped  grant                  Import job → https://acme.example.com/api/v2/  for the old tenant's management API; see --management-grants
                created  Hook                   plan
                updated  Hook                   plan                                           enabled
                skipped  Hook                   welcome                                        Jeton has no trigger post-user-registration
                created  Action                 Add claim
                updated  Action                 Add claim                                      deployed
                skipped  trigger                post-login                                     Jeton has no such trigger
                updated  trigger                credentials-exchange                           bound Add claim
                updated  settings                                                              kept for tools; nothing acts on them
                created  log stream             SIEM
                skipped  connections                                                           1 of them; Jeton has none
                skipped  database-connections                                                  1 of them; Jeton has none
                skipped  roles                                                                 1 of them; Jeton has none

                6 created, 5 updated, 9 skipped.
                """);
        assertThat(result.exitCode()).isZero();
        assertThat(server.request("POST /api/v2/clients").json().propertyNames())
                .containsExactlyInAnyOrder("name", "app_type", "grant_types", "is_first_party");
        assertThat(server.request("PATCH /api/v2/clients/newId").json())
                .isEqualTo(Json.parse("{\"client_secret\":\"secret-of-the-job\"}"));
        assertThat(server.request("POST /api/v2/client-grants").json()).isEqualTo(Json.parse("""
                {"client_id":"newId","audience":"https://api.example.com","scope":["read:x"]}"""));
        JsonNode hook = server.request("POST /api/v2/hooks").json();
        assertThat(hook.path("enabled").asBoolean(true)).isFalse();
        assertThat(hook.path("script").asString()).startsWith("module.exports");
        assertThat(server.request("POST /api/v2/hooks/hook1/secrets").json())
                .isEqualTo(Json.parse("{\"KEY\":\"value-of-key\"}"));
        assertThat(server.request("PATCH /api/v2/actions/triggers/credentials-exchange/bindings")
                        .json())
                .isEqualTo(Json.parse("""
                        {"bindings":[{"display_name":"Add claim",
                                      "ref":{"type":"action_id","value":"act1"}}]}"""));
        assertThat(server.request("POST /api/v2/log-streams").json().has("status"))
                .isFalse();
    }

    @Test
    void a_dry_run_says_the_same_and_changes_nothing() {
        wholeTenant();

        Result result = jeton("--dry-run");

        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));
        assertThat(result.out())
                .containsPattern("created +application +Import job")
                .contains("not enabled: its secrets KEY have no value; give them with --secrets")
                .endsWith("Nothing was changed; without --dry-run: 6 created, 3 updated, 10 skipped.\n");
    }

    @Test
    void reads_the_one_file_form_too() {
        file("tenant.yaml", """
                tenant:
                  friendly_name: 127.0.0.1
                clients:
                  - name: Import job
                    grant_types:
                      - client_credentials
                resourceServers:
                  - name: Timesheets
                    identifier: https://api.example.com
                clientGrants:
                  - client_id: Import job
                    audience: https://api.example.com
                    scope: []
                roles:
                  - name: admin
                  - name: editor
                """);

        Result result = jeton();

        assertThat(result.out())
                .endsWith("3 created, 1 unchanged, 1 skipped.\n")
                .contains("2 of them");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void what_is_there_already_and_equal_is_left_alone() {
        file("clients/Import job.json", """
                {"name":"Import job","grant_types":["client_credentials"],"client_metadata":{}}""");
        file("resource-servers/T.json", """
                {"identifier":"https://api.example.com","name":"T","scopes":[{"value":"a"}]}""");
        server.on("GET /api/v2/clients", 200, """
                {"clients":[{"client_id":"c1","name":"Import job","grant_types":["client_credentials"]}]}""")
                .on("GET /api/v2/resource-servers", 200, """
                {"resource_servers":[{"id":"r1","identifier":"https://api.example.com","name":"Old",
                                      "scopes":[{"value":"a"}]}]}""")
                .on("PATCH /api/v2/resource-servers/r1", 200, "{}");

        Result result = jeton();

        assertThat(result.out()).endsWith("1 updated, 1 unchanged.\n");
        assertThat(server.request("PATCH /api/v2/resource-servers/r1").json())
                .isEqualTo(Json.parse("{\"name\":\"T\",\"scopes\":[{\"value\":\"a\"}]}"));
    }

    @Test
    void waits_where_the_server_has_had_enough_requests_for_now() {
        file("clients/A.json", "{\"name\":\"A\"}");
        Reply enough = new Reply(
                429, "{\"statusCode\":429,\"message\":\"Global limit has been reached\"}", Map.of("Retry-After", "2"));
        List<Duration> waited = new ArrayList<>();
        server.on(
                "POST /api/v2/clients", _ -> waited.size() < 3 ? enough : new Reply(201, "{\"client_id\":\"newId\"}"));
        CommandLineRun run = CommandLineRun.against(server, folder).pausing(waited::add);

        assertThat(run.run("import", "tenant").out()).contains("created  application  A");
        assertThat(waited).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2));

        server.on("POST /api/v2/clients", _ -> enough);
        Result never = run.run("import", "tenant");
        assertThat(never.exitCode()).isEqualTo(3);
        assertThat(never.err())
                .endsWith("; the import ended at the application A; run it again to go on\n  try again in 2 seconds\n");
        assertThat(waited).hasSize(3 + 30);
    }

    @Test
    void one_that_is_refused_keeps_no_other_out() {
        file("clients/A.json", "{\"name\":\"A\"}");
        file("clients/B.json", "{\"name\":\"B\"}");
        server.on(
                "POST /api/v2/clients",
                request -> request.json().path("name").asString().equals("A")
                        ? new Reply(400, "{\"statusCode\":400,\"message\":\"No\",\"errorCode\":\"invalid_body\"}")
                        : new Reply(201, "{\"client_id\":\"b\"}"));

        Result result = jeton();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("refused  application  A").contains("created  application  B");
        assertThat(result.out()).contains("cannot create the application: No");
    }

    @Test
    void fields_that_the_server_does_not_know_are_left_out_and_named() {
        file("clients/A.json", "{\"name\":\"A\",\"of_next_year\":1,\"another\":true}");
        server.on(
                "POST /api/v2/clients",
                request ->
                        request.json().has("another") ? new Reply(400, """
                                {"statusCode":400,"errorCode":"invalid_body","message":"Payload validation error: \
                                'Additional properties not allowed: of_next_year,another'."}""") : new Reply(201, "{\"client_id\":\"a\"}"));

        Result result = jeton();

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("without of_next_year,another, which Jeton does not know");
        assertThat(server.request("POST /api/v2/clients").json()).isEqualTo(Json.parse("{\"name\":\"A\"}"));
    }

    @Test
    void what_differs_only_in_fields_that_the_server_does_not_know_is_unchanged() {
        file("clients/A.json", "{\"name\":\"A\",\"of_next_year\":1}");
        file("tenant.json", "{\"friendly_name\":\"127.0.0.1\",\"of_next_year\":1}");
        Reply unknown = new Reply(400, """
                {"statusCode":400,"errorCode":"invalid_body","message":"Payload validation error: \
                'Additional properties not allowed: of_next_year'."}""");
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"c1\",\"name\":\"A\"}]}")
                .on("PATCH /api/v2/clients/c1", _ -> unknown)
                .on("PATCH /api/v2/tenants/settings", _ -> unknown);

        Result result = jeton();

        assertThat(result.out())
                .contains("unchanged  application  A     without of_next_year, which Jeton does not know")
                .endsWith("2 unchanged.\n");
        assertThat(server.calls()).containsOnlyOnce("PATCH /api/v2/clients/c1");
    }

    @Test
    void placeholders_need_their_values() {
        file("clients/A.json", "{\"name\":\"##ENV## job\",\"is_first_party\":@@FIRST@@,\"grant_types\":\"@@TYPES@@\"}");

        Result without = jeton();
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).contains("placeholders without a value: ##ENV##, @@FIRST@@, @@TYPES@@");

        Result with = jeton("--map", "ENV=prod", "--map", "FIRST=false", "--map", "TYPES=[\"client_credentials\"]");
        assertThat(with.exitCode()).isZero();
        assertThat(server.request("POST /api/v2/clients").json()).isEqualTo(Json.parse("""
                {"name":"prod job","is_first_party":false,"grant_types":["client_credentials"]}"""));
    }

    @Test
    void nothing_outside_of_the_folder_is_read() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.js"), "the secret of another folder");
        file("hooks/a.json", "{\"name\":\"a\",\"triggerId\":\"credentials-exchange\",\"script\":\"../secret.js\"}");
        file("hooks/b.json", "{\"name\":\"b\",\"triggerId\":\"credentials-exchange\",\"script\":\"" + secret + "\"}");
        file("hooks/c.json", "{\"name\":\"c\",\"triggerId\":\"credentials-exchange\",\"script\":\"./c.js\"}");
        Files.createSymbolicLink(folder.resolve("tenant/hooks/c.js"), secret);

        Result result = jeton();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("its code is not in the export: ../secret.js");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("POST /api/v2/hooks"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "clients/a.json|{|is not JSON",
                "clients/a.json|[]|is no JSON object",
                "clients/a.json|{\"name\":\"a\",\"name\":\"b\"}|is not JSON",
                "tenant.yaml|a: [|is not YAML",
                "README.txt||has nothing that auth0-deploy-cli exports"
            })
    void an_export_that_cannot_be_read_is_wrong_usage_and_changes_nothing(String file, String text, String expected) {
        file(file, text == null ? "" : text);

        Result result = jeton();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(expected);
        assertThat(server.calls()).isEmpty();
    }

    static Stream<Arguments> yamlThatMultipliesItself() {
        StringBuilder levels = new StringBuilder("l0: &l0 [x, x, x]\n");
        for (int level = 1; level <= 16; level++) {
            String below = "*l" + (level - 1);
            levels.append("l%d: &l%d [%s, %s, %s]\n".formatted(level, level, below, below, below));
        }
        return Stream.of(
                Arguments.of(levels.toString(), "has more than 1000000 values"),
                Arguments.of("a: &a [*a]", "is nested more than 100 deep"),
                Arguments.of("a: &a {b: *a}", "is nested more than 100 deep"),
                Arguments.of("[".repeat(100_000), "is nested more than 100 deep"),
                Arguments.of("? [a]\n: b", "is not YAML that can be read"));
    }

    @ParameterizedTest
    @MethodSource("yamlThatMultipliesItself")
    void yaml_that_would_fill_the_memory_is_wrong_usage(String yaml, String expected) {
        file("tenant.yaml", yaml);

        Result result = jeton();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(expected).doesNotContain("\tat ");
    }

    @Test
    void an_alias_stands_for_what_it_names() {
        file("tenant.yaml", """
                clients:
                  - name: A
                    grant_types: &types [client_credentials]
                  - name: B
                    grant_types: *types
                """);

        assertThat(jeton().out()).endsWith("2 created.\n");
        assertThat(server.request("POST /api/v2/clients").json())
                .isEqualTo(Json.parse("{\"name\":\"B\",\"grant_types\":[\"client_credentials\"]}"));
    }

    @Test
    void a_folder_and_well_formed_secrets_are_needed() throws IOException {
        assertThat(jeton().err()).contains("there is no folder");
        file("clients/A.json", "{\"name\":\"A\"}");
        Files.writeString(folder.resolve("s.json"), "{\"client\":{\"A\":\"the-secret\"}}");

        Result result = jeton("--secrets", "s.json");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("\"clients\": {NAME: SECRET}").doesNotContain("the-secret");
    }

    @Test
    void the_report_is_json_for_scripts() {
        file("clients/A.json", "{\"name\":\"A\"}");

        JsonNode json = Json.parse(jeton("--json", "--dry-run").out());

        assertThat(json.path("dry_run").asBoolean()).isTrue();
        assertThat(json.path("results")).isEqualTo(Json.array(List.of(Json.parse("""
                {"result":"created","kind":"application","name":"A"}"""))));
    }

    @Test
    void says_at_a_terminal_which_of_how_many_is_taking_its_time() {
        file("clients/a.json", "{\"name\":\"A\"}");
        file("clients/b.json", "{\"name\":\"B\"}");
        List<Runnable> ticks = new ArrayList<>();
        server.on("POST /api/v2/clients", _ -> {
            ticks.forEach(Runnable::run);
            return new Reply(201, "{\"client_id\":\"newId\"}");
        });

        Result result = CommandLineRun.against(server, folder)
                .watchedFor(tick -> {
                    ticks.add(tick);
                    return ticks::clear;
                })
                .run("import", "tenant");

        assertThat(result.err())
                .isEqualTo(
                        "\rimporting 1 of 2: application A, 1 s\u001b[K\rimporting 2 of 2: application B, 2 s\u001b[K"
                                + "\r\u001b[K");
    }
}
