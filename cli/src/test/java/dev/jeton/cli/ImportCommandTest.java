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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ImportCommandTest {
    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void anEmptyServer() {
        server.on("GET /api/v2/resource-servers", 200, "{\"resource_servers\":[]}")
                .on("GET /api/v2/clients", 200, "{\"clients\":[]}")
                .on("GET /api/v2/client-grants", 200, "{\"client_grants\":[]}")
                .on("GET /api/v2/hooks", 200, "{\"hooks\":[]}")
                .on("GET /api/v2/actions/actions", 200, "{\"actions\":[]}")
                .on("GET /api/v2/actions/triggers/credentials-exchange/bindings", 200, "{\"bindings\":[]}")
                .on("GET /api/v2/tenants/settings", 200, "{\"friendly_name\":\"127.0.0.1\"}")
                .on("GET /api/v2/log-streams", 200, "[]")
                .on("POST /api/v2/resource-servers", 201, "{\"id\":\"api1\"}")
                .on("POST /api/v2/clients", 201, "{\"client_id\":\"newId\"}")
                .on("PATCH /api/v2/clients/newId", 200, "{}")
                .on("POST /api/v2/client-grants", 201, "{\"id\":\"cgr_1\"}")
                .on("POST /api/v2/hooks", 201, "{\"id\":\"hook1\"}")
                .on("POST /api/v2/hooks/hook1/secrets", 201, "{}")
                .on("PATCH /api/v2/hooks/hook1", 200, "{}")
                .on("POST /api/v2/actions/actions", 201, "{\"id\":\"act1\"}")
                .on("POST /api/v2/actions/actions/act1/deploy", 200, "{}")
                .on("PATCH /api/v2/actions/triggers/credentials-exchange/bindings", 200, "{}")
                .on("PATCH /api/v2/tenants/settings", 200, "{}")
                .on("POST /api/v2/log-streams", 200, "{\"id\":\"lst_1\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... more) {
        String[] args =
                Stream.concat(Stream.of("import", "tenant"), Stream.of(more)).toArray(String[]::new);
        return CommandLineRun.against(server, folder).run(args);
    }

    private void file(String path, String text) {
        try {
            Path file = folder.resolve("tenant").resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

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

    private void aHookAndAnActionThatRan() {
        file("hooks/plan.json", """
                {"name":"plan","script":"x","enabled":true,"triggerId":"credentials-exchange","dependencies":{},
                 "secrets":{"KEY":"_VALUE_NOT_SHOWN_"}}""");
        file("actions/a.json", """
                {"name":"a","code":"y","deployed":true,"supported_triggers":[{"id":"credentials-exchange"}],
                 "dependencies":[],"secrets":[{"name":"KEY"}]}""");
        file("triggers/triggers.json", "{\"credentials-exchange\":[{\"action_name\":\"a\"}]}");
        file("../secrets.json", "{\"hooks\":{\"plan\":{\"KEY\":\"v\"}},\"actions\":{\"a\":{\"KEY\":\"w\"}}}");
    }

    /** As a run without their secrets leaves them. */
    private void bothAreHereWithoutTheirSecrets() {
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[{\"id\":\"h1\",\"name\":\"plan\",\"enabled\":false}]}")
                .on("GET /api/v2/hooks/h1", 200, """
                {"id":"h1","name":"plan","script":"x","enabled":false,"dependencies":{}}""")
                .on("GET /api/v2/hooks/h1/secrets", 200, "{}")
                .on("POST /api/v2/hooks/h1/secrets", 201, "{}")
                .on("PATCH /api/v2/hooks/h1/secrets", 200, "{}")
                .on("PATCH /api/v2/hooks/h1", 200, "{}")
                .on("GET /api/v2/actions/actions", 200, """
                {"actions":[{"id":"a1","name":"a","code":"y","dependencies":[],"secrets":[]}]}""")
                .on("PATCH /api/v2/actions/actions/a1", 200, "{}")
                .on("POST /api/v2/actions/actions/a1/deploy", 200, "{}");
    }

    /** As a run with their secrets leaves them, and somebody after it. */
    private void bothAreHereAndOff() {
        bothAreHereWithoutTheirSecrets();
        server.on("GET /api/v2/hooks/h1/secrets", 200, "{\"KEY\":\"_VALUE_NOT_SHOWN_\"}")
                .on("GET /api/v2/actions/actions", 200, """
                {"actions":[{"id":"a1","name":"a","code":"y","dependencies":[],"secrets":[{"name":"KEY"}],
                             "deployed_version":{"id":"v1"},"all_changes_deployed":true}]}""");
    }

    @Test
    void what_lacked_its_secrets_in_one_run_is_switched_on_by_the_next_that_has_them() {
        aHookAndAnActionThatRan();

        Result first = jeton();
        assertThat(first.out())
                .contains("not enabled: its secrets KEY have no value")
                .contains("not deployed: its secrets KEY have no value")
                .contains("not bound: the Action is not deployed here");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH "));

        bothAreHereWithoutTheirSecrets();
        Result second = jeton("--secrets", "secrets.json");
        assertThat(second.out())
                .contains("updated    Hook     plan                  enabled")
                .contains("bound a")
                .doesNotContain("skipped");
        assertThat(server.request("PATCH /api/v2/hooks/h1").json()).isEqualTo(Json.parse("{\"enabled\":true}"));
        assertThat(server.calls()).contains("POST /api/v2/actions/actions/a1/deploy");
    }

    @Test
    void what_was_whole_once_and_is_off_here_stays_off() {
        aHookAndAnActionThatRan();
        bothAreHereAndOff();

        Result careful = jeton();
        assertThat(careful.out())
                .contains("not enabled: it is here and off; --enable enables it")
                .contains("not bound: it is here and unbound; --enable binds it");
        assertThat(careful.exitCode()).isZero();
        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));
        assertThat(jeton("--secrets", "secrets.json").out())
                .contains("not enabled: it is here and off")
                .contains("not bound: it is here and unbound");

        Result bold = jeton("--enable");
        assertThat(bold.out()).contains("enabled").contains("bound a");
        assertThat(server.request("PATCH /api/v2/hooks/h1").json()).isEqualTo(Json.parse("{\"enabled\":true}"));
    }

    @Test
    void an_action_that_cannot_be_deployed_keeps_no_other_unbound_and_is_tried_again() {
        aHookAndAnActionThatRan();
        file("actions/b.json", """
                {"name":"b","code":"z","deployed":true,"supported_triggers":[{"id":"credentials-exchange"}]}""");
        file("triggers/triggers.json", """
                {"credentials-exchange":[{"action_name":"a"},{"action_name":"b"}]}""");
        bothAreHereWithoutTheirSecrets();
        server.on("POST /api/v2/actions/actions/a1/deploy", 400, "{\"statusCode\":400,\"message\":\"No\"}");

        Result refused = jeton("--secrets", "secrets.json", "--enable");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out())
                .contains("cannot deploy the Action: No")
                .contains("not bound: the Action is not deployed here")
                .contains("bound b");
        server.on("POST /api/v2/actions/actions/a1/deploy", 200, "{}");
        assertThat(jeton("--secrets", "secrets.json").out()).contains("bound a, b");
    }

    @Test
    void bindings_that_are_here_keep_their_names() {
        aHookAndAnActionThatRan();
        bothAreHereWithoutTheirSecrets();
        server.on("GET /api/v2/actions/triggers/credentials-exchange/bindings", 200, """
                {"bindings":[{"display_name":"Called otherwise","action":{"id":"o1","name":"other"}}]}""");

        jeton("--secrets", "secrets.json");

        assertThat(server.request("PATCH /api/v2/actions/triggers/credentials-exchange/bindings")
                        .json())
                .isEqualTo(Json.parse("""
                        {"bindings":[{"display_name":"Called otherwise","ref":{"type":"action_id","value":"o1"}},
                                     {"display_name":"a","ref":{"type":"action_id","value":"a1"}}]}"""));
    }

    @Test
    void an_enabled_hook_gets_its_new_code_after_its_secrets_and_never_without_them() {
        aHookAndAnActionThatRan();
        bothAreHereWithoutTheirSecrets();
        server.on("GET /api/v2/hooks/h1", 200, """
                {"id":"h1","name":"plan","script":"old","enabled":true,"dependencies":{}}""");

        assertThat(jeton().out())
                .contains("left as it is, for it is enabled here: its secrets KEY have no value; give them with");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH /api/v2/hooks"));

        jeton("--secrets", "secrets.json");
        assertThat(server.calls()).containsSubsequence("POST /api/v2/hooks/h1/secrets", "PATCH /api/v2/hooks/h1");
        assertThat(server.request("PATCH /api/v2/hooks/h1").json())
                .isEqualTo(Json.parse("{\"name\":\"plan\",\"script\":\"x\",\"dependencies\":{}}"));
    }

    @Test
    void an_action_that_runs_here_is_not_deployed_anew_without_its_secrets() {
        aHookAndAnActionThatRan();
        bothAreHereAndOff();
        server.on("GET /api/v2/actions/actions", 200, """
                {"actions":[{"id":"a1","name":"a","code":"old","dependencies":[],"secrets":[],
                             "deployed_version":{"id":"v1"},"all_changes_deployed":true}]}""");

        assertThat(jeton().out()).contains("not deployed: its secrets KEY have no value");
        assertThat(server.calls()).doesNotContain("POST /api/v2/actions/actions/a1/deploy");
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
        assertThat(never.exitCode()).isEqualTo(1);
        assertThat(never.out()).contains("Global limit has been reached; try again in 2 seconds");
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
    void grants_for_the_management_api_are_mapped_only_when_asked_for() {
        file("clients/A.json", "{\"name\":\"A\"}");
        file("grants/a.json", """
                {"client_id":"A","audience":"https://acme.example.com/api/v2/","scope":["read:clients"]}""");

        jeton("--management-grants");

        assertThat(server.request("POST /api/v2/client-grants")
                        .json()
                        .path("audience")
                        .asString())
                .isEqualTo(server.issuer() + "api/v2/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource-servers/none.txt", "resource-servers/Auth0 Management API.json"})
    void an_api_of_the_tenant_under_a_path_like_the_management_apis_is_no_management_api(String more) {
        file("clients/A.json", "{\"name\":\"A\"}");
        file("resource-servers/Orders.json", """
                {"name":"Orders","identifier":"https://orders.example.com/api/v2/","is_system":false}""");
        file(more, """
                {"name":"Auth0 Management API","identifier":"https://acme.example.com/api/v2/"}""");
        file("grants/a.json", """
                {"client_id":"A","audience":"https://orders.example.com/api/v2/","scope":["read:orders"]}""");

        for (String flag : List.of("--keep-ids", "--management-grants")) {
            assertThat(jeton(flag).out()).contains("created  grant        A → https://orders.example.com/api/v2/");
            assertThat(server.request("POST /api/v2/client-grants")
                            .json()
                            .path("audience")
                            .asString())
                    .isEqualTo("https://orders.example.com/api/v2/");
        }
    }

    @Test
    void applications_keep_their_ids_when_asked_to() {
        file("clients/A.json", "{\"name\":\"A\",\"client_id\":\"oldId\"}");
        file("grants/a.json", "{\"client_id\":\"A\",\"audience\":\"https://api.example.com\",\"scope\":[]}");
        server.on("PUT /api/v2/clients/oldId", 201, "{\"client_id\":\"oldId\"}");

        Result result = jeton("--keep-ids");

        assertThat(result.out()).contains("client id oldId");
        assertThat(server.request("POST /api/v2/client-grants")
                        .json()
                        .path("client_id")
                        .asString())
                .isEqualTo("oldId");
    }

    @Test
    void keys_are_said_to_be_skipped_under_an_old_id_too() {
        file("clients/A.json", "{\"name\":\"A\",\"client_id\":\"oldId\",\"client_authentication_methods\":{}}");
        server.on("PUT /api/v2/clients/oldId", 201, "{\"client_id\":\"oldId\"}");

        assertThat(jeton("--keep-ids").out()).contains("it authenticated by a key; here it has a secret");
    }

    @Test
    void an_application_that_is_here_under_another_id_does_not_pass_for_one_that_kept_its_id() {
        file("clients/A.json", "{\"name\":\"A\",\"client_id\":\"oldId\"}");
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"newId\",\"name\":\"A\"}]}");

        Result result = jeton("--keep-ids");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("is here under the client id newId, not oldId");
        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));
    }

    @Test
    void namesakes_are_not_guessed_at() {
        file("clients/A.json", "{\"name\":\"Same\"}");
        file("clients/B.json", "{\"name\":\"Same\"}");

        Result result = jeton();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("the export has several applications of this name");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("POST /api/v2/clients"));
    }

    private void namesakes() {
        file("clients/A.json", "{\"name\":\"Worker\",\"client_id\":\"idA\",\"description\":\"a\"}");
        file("clients/B.json", "{\"name\":\"Worker\",\"client_id\":\"idB\",\"description\":\"b\"}");
        server.on("PUT /api/v2/clients/idA", 201, "{\"client_id\":\"idA\"}")
                .on("PUT /api/v2/clients/idB", 201, "{\"client_id\":\"idB\"}")
                .on("PATCH /api/v2/clients/idA", 200, "{}")
                .on("PATCH /api/v2/clients/idB", 200, "{}");
    }

    @Test
    void a_namesake_does_not_become_the_one_that_is_here() {
        namesakes();
        file("../secrets.json", "{\"clients\":{\"idB\":\"secret-of-b\"}}");
        server.on("GET /api/v2/clients", 200, """
                {"clients":[{"client_id":"idA","name":"Worker","description":"a"}]}""");

        Result without = jeton("--secrets", "secrets.json");
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.out()).contains("unchanged  application  Worker").contains("refused    application  Worker");
        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));

        Result keeping = jeton("--keep-ids", "--secrets", "secrets.json");
        assertThat(keeping.exitCode()).isZero();
        assertThat(keeping.out()).contains("client id idB");
        assertThat(server.calls())
                .contains("PUT /api/v2/clients/idB", "PATCH /api/v2/clients/idB")
                .doesNotContain("PATCH /api/v2/clients/idA");
    }

    @Test
    void a_namesake_made_here_is_left_alone_where_the_export_has_several() {
        namesakes();
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"other\",\"name\":\"Worker\"}]}");

        assertThat(jeton().exitCode()).isEqualTo(1);
        assertThat(jeton("--keep-ids").exitCode()).isEqualTo(1);

        assertThat(server.calls()).allMatch(call -> call.startsWith("GET "));
    }

    @Test
    void a_name_that_the_export_gives_to_another_client_does_not_find_it() {
        file("clients/A.json", "{\"name\":\"Old\",\"client_id\":\"idA\"}");
        file("clients/B.json", "{\"name\":\"New\",\"client_id\":\"idB\"}");
        server.on("GET /api/v2/clients", 200, "{\"clients\":[{\"client_id\":\"idA\",\"name\":\"New\"}]}")
                .on("PATCH /api/v2/clients/idA", 200, "{}");

        assertThat(jeton().out()).contains("updated  application  Old").contains("created  application  New");
    }

    @Test
    void grants_and_secrets_by_a_name_that_several_have_go_to_none_of_them() {
        namesakes();
        file("grants/one.json", """
                {"client_id":"Worker","audience":"https://api.example.com","scope":["write:x"]}""");
        file("grants/two.json", """
                {"client_id":"idA","audience":"https://api.example.com","scope":["read:x"]}""");
        file("../secrets.json", "{\"clients\":{\"Worker\":\"secret-of-whom\",\"idB\":\"secret-of-b\"}}");

        Result result = jeton("--keep-ids", "--secrets", "secrets.json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("refused  grant                  Worker → https://api.example.com")
                .contains("created  grant                  idA → https://api.example.com")
                .contains("several have this name; give it by client id");
        assertThat(server.request("POST /api/v2/client-grants").json()).isEqualTo(Json.parse("""
                {"client_id":"idA","audience":"https://api.example.com","scope":["read:x"]}"""));
        assertThat(server.calls()).doesNotContain("PATCH /api/v2/clients/idA");
        assertThat(server.request("PATCH /api/v2/clients/idB").json())
                .isEqualTo(Json.parse("{\"client_secret\":\"secret-of-b\"}"));
    }

    @Test
    void a_grant_is_not_skipped_unseen_because_a_skipped_application_has_the_same_name() {
        file("clients/A.json", "{\"name\":\"Worker\",\"client_id\":\"idA\"}");
        file("clients/B.json", """
                {"name":"Worker","client_id":"idB","grant_types":["authorization_code"]}""");
        file("grants/one.json", "{\"client_id\":\"Worker\",\"audience\":\"https://api.example.com\",\"scope\":[]}");
        server.on("PUT /api/v2/clients/idA", 201, "{\"client_id\":\"idA\"}");

        Result result = jeton("--keep-ids");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("refused  grant");
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
}
