package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ActionsCommandTest {
    private static final String CODE = "exports.onExecuteCredentialsExchange = async (event, api) => {};\n";
    private static final String DRAFT = """
            {"id":"a1","name":"Add the plan","code":"exports.x = 1;","dependencies":[{"name":"ms","version":"2.1.3"}],
             "runtime":"node22","status":"built","secrets":[{"name":"A"},{"name":"B"}],"all_changes_deployed":false}""";
    private static final String DEPLOYED = """
            {"id":"a2","name":"Check","code":"exports.x = 2;","dependencies":[],"runtime":"node22","status":"built",
             "secrets":[],"all_changes_deployed":true,"deployed_version":{"id":"v7","number":7}}""";
    private static final String AHEAD = """
            {"id":"a3","name":"Third","code":"exports.x = 3;","dependencies":[],"runtime":"node22","status":"built",
             "secrets":[],"all_changes_deployed":false,"deployed_version":{"id":"v9","number":2}}""";
    private static final String BINDINGS = "/api/v2/actions/triggers/credentials-exchange/bindings";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void threeActionsOfWhichTwoAreBound() throws IOException {
        Files.writeString(folder.resolve("action.js"), CODE);
        server.on("GET /api/v2/actions/actions", 200, "{\"actions\":[" + DRAFT + "," + DEPLOYED + "," + AHEAD + "]}");
        server.on("GET /api/v2/actions/actions/a1", 200, DRAFT);
        server.on("GET /api/v2/actions/actions/a2", 200, DEPLOYED);
        server.on("GET /api/v2/actions/actions/a3", 200, AHEAD);
        server.on("GET " + BINDINGS, 200, bindings("a3:Third", "a2:Check"));
        server.on("PATCH " + BINDINGS, 200, "{\"bindings\":[]}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    /** Bindings of Actions given as id and name, with the names that people gave the bindings. */
    private static String bindings(String... actions) {
        return Stream.of(actions)
                .map(action -> action.split(":"))
                .map(action ->
                        "{\"id\":\"b-%s\",\"action\":{\"id\":\"%s\",\"name\":\"%s\"},\"display_name\":\"the %s\"}"
                                .formatted(action[0], action[0], action[1], action[1]))
                .collect(Collectors.joining(",", "{\"bindings\":[", "]}"));
    }

    private List<String> order() {
        return server.request("PATCH " + BINDINGS).json().path("bindings").values().stream()
                .map(binding -> Json.text(binding.path("ref"), "type") + " " + Json.text(binding.path("ref"), "value")
                        + ", " + Json.text(binding, "display_name"))
                .toList();
    }

    @Test
    void prints_the_starter_of_the_worker_as_it_is() throws IOException {
        Result result = jeton("actions", "scaffold");

        assertThat(result).isEqualTo(new Result(0, Files.readString(Path.of("../hook-worker/starter-action.js")), ""));
        assertThat(Json.parse(jeton("actions", "scaffold", "--json").out())
                        .path("code")
                        .stringValue())
                .isEqualTo(result.out());
    }

    @Test
    void creates_a_draft_with_its_secrets() {
        server.on("POST /api/v2/actions/actions", 201, DRAFT);

        Result result = jeton(
                "actions",
                "create",
                "Add the plan",
                "action.js",
                "--dependency",
                "ms@2.1.3",
                "--dependency",
                "@a/b",
                "--secret",
                "A=a");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"name":"Add the plan","supported_triggers":[{"id":"credentials-exchange","version":"v2"}],
                 "code":"exports.onExecuteCredentialsExchange = async (event, api) => {};\\n",
                 "dependencies":[{"name":"ms","version":"2.1.3"},{"name":"@a/b"}],
                 "secrets":[{"name":"A","value":"a"}]}"""));
        assertThat(result).isEqualTo(new Result(0, """
                        The Action is created.

                        Name          Add the plan
                        ID            a1
                        Status        built
                        Deployed      no
                        Runtime       node22
                        Dependencies  ms@2.1.3
                        Secrets       A B

                        Next, test it and let it run:
                          jeton actions test a1
                          jeton actions deploy a1
                          jeton actions bind a1
                        """, ""));
        assertThat(Json.parse(
                        jeton("actions", "create", "A", "action.js", "--json").out()))
                .isEqualTo(Json.parse(DRAFT));
    }

    @Test
    void deploys_and_binds_a_new_one_behind_the_others() {
        server.on("POST /api/v2/actions/actions", 201, DRAFT);
        server.on("POST /api/v2/actions/actions/a1/deploy", 200, "{\"number\":1}");

        Result result = jeton("actions", "create", "Add the plan", "action.js", "--bind");

        assertThat(server.calls())
                .containsExactly(
                        "POST /api/v2/actions/actions",
                        "POST /api/v2/actions/actions/a1/deploy",
                        "GET " + BINDINGS + "?per_page=100&page=0",
                        "PATCH " + BINDINGS,
                        "GET /api/v2/actions/actions/a1");
        assertThat(order())
                .containsExactly("action_id a3, the Third", "action_id a2, the Check", "action_id a1, Add the plan");
        assertThat(result.out())
                .startsWith("The Action is created, deployed and bound: it runs before every token.\n")
                .doesNotContain("Next");
    }

    @Test
    void says_what_is_done_and_how_to_go_on_when_a_new_one_cannot_be_deployed_or_bound() {
        server.on("POST /api/v2/actions/actions", 201, DRAFT);
        server.on("POST /api/v2/actions/actions/a1/deploy", 400, """
                {"statusCode":400,"error":"Bad Request","message":"It must be in the 'built' state"}""");

        assertThat(jeton("actions", "create", "Add the plan", "action.js", "--bind"))
                .isEqualTo(new Result(1, "", """
                        jeton: cannot deploy the Action: It must be in the 'built' state; \
                        the Action 'Add the plan' is created (a1), but not deployed and not bound
                          jeton actions deploy a1 and jeton actions bind a1
                        """));

        server.on("POST /api/v2/actions/actions/a1/deploy", _ -> {
            server.on("GET " + BINDINGS, _ -> {
                throw new IllegalStateException("gone");
            });
            return new FakeServer.Reply(200, "{\"number\":1}");
        });
        assertThat(jeton("actions", "create", "Add the plan", "action.js", "--bind")
                        .err())
                .startsWith("jeton: cannot bind the Action: ")
                .contains("; the Action 'Add the plan' is created (a1) and deployed, but not bound\n")
                .endsWith("; then jeton actions bind a1\n");
    }

    @Test
    void says_what_is_done_when_only_the_look_at_it_afterwards_fails() {
        String busy = "{\"statusCode\":500,\"error\":\"Internal Server Error\",\"message\":\"Busy\"}";
        server.on("POST /api/v2/actions/actions", 201, DRAFT);
        server.on("POST /api/v2/actions/actions/a1/deploy", 200, "{\"number\":1}");
        server.on("GET /api/v2/actions/actions/a1", 500, busy);

        Result created = jeton("actions", "create", "Add the plan", "action.js", "--bind");
        server.on("GET " + BINDINGS, 500, busy);
        Result deployed = jeton("actions", "deploy", "Add the plan");

        assertThat(created.exitCode()).isEqualTo(1);
        assertThat(created.err())
                .startsWith("jeton: cannot show the Action: ")
                .contains("; the Action 'Add the plan' is created (a1), deployed and bound\n")
                .endsWith("jeton actions show a1\n");
        assertThat(deployed.out()).isEqualTo("Version 1 of the Action 'Add the plan' is deployed.\n");
        assertThat(deployed.err())
                .contains("; the version is deployed, and whether it is bound is not known\n")
                .endsWith("jeton actions show a1\n");
    }

    @Test
    void passes_on_that_a_name_is_taken() {
        server.on("POST /api/v2/actions/actions", 409, """
                {"statusCode":409,"error":"Conflict","message":"An action of that name exists"}""");

        assertThat(jeton("actions", "create", "Check", "action.js"))
                .isEqualTo(new Result(1, "", "jeton: cannot create the Action: An action of that name exists\n"));
    }

    @Test
    void lists_the_actions_with_their_versions_and_places() {
        assertThat(jeton("actions", "list").out()).isEqualTo("""
                        NAME          ID  DEPLOYED                  POSITION
                        Add the plan  a1  no
                        Check         a2  version 7                 2
                        Third         a3  version 2, draft differs  1
                        """);
        assertThat(Json.parse(jeton("actions", "list", "--json").out()))
                .isEqualTo(Json.parse(
                        "[" + placed(DRAFT, "null") + "," + placed(DEPLOYED, "2") + "," + placed(AHEAD, "1") + "]"));
    }

    private static String placed(String action, String position) {
        return action.strip().replaceAll("}$", ",\"binding_position\":" + position + "}");
    }

    @Test
    void pages_until_a_page_is_not_full() {
        String full = IntStream.range(0, 100)
                .mapToObj(i -> "{\"id\":\"x" + i + "\",\"name\":\"X\"}")
                .collect(Collectors.joining(",", "{\"actions\":[", "],\"total\":101}"));
        server.on("GET /api/v2/actions/actions?per_page=100&page=0", 200, full);
        server.on(
                "GET /api/v2/actions/actions?per_page=100&page=1", 200, "{\"actions\":[" + DRAFT + "],\"total\":101}");

        assertThat(jeton("actions", "list").out().lines()).hasSize(102);
    }

    @Test
    void says_how_to_begin_when_there_is_none() {
        server.on("GET /api/v2/actions/actions", 200, "{\"actions\":[],\"per_page\":100}");

        assertThat(jeton("actions", "list").out()).contains("jeton actions create NAME FILE");
    }

    @Test
    void shows_an_action_or_its_code_alone() {
        assertThat(jeton("actions", "show", "Third").out()).isEqualTo("""
                        Name      Third
                        ID        a3
                        Status    built
                        Deployed  version 2, draft differs
                        Runtime   node22
                        Bound     at position 1
                        Script    14 bytes; --code prints it
                        """);
        assertThat(jeton("actions", "show", "a1").out()).contains("Bound         no\n", "Secrets       A B\n");
        assertThat(jeton("actions", "show", "a1", "--code").out()).isEqualTo("exports.x = 1;");
        assertThat(Json.parse(jeton("actions", "show", "a1", "--json").out()))
                .isEqualTo(Json.parse(placed(DRAFT, "null")));
        assertThat(Json.parse(jeton("actions", "show", "a3", "--json").out()))
                .isEqualTo(Json.parse(placed(AHEAD, "1")));
    }

    @Test
    void names_the_list_when_there_is_no_such_action() {
        assertThat(jeton("actions", "deploy", "../x")).isEqualTo(new Result(1, "", """
                        jeton: cannot deploy the Action: no Action has the id or the name '../x'
                          see the Actions with jeton actions list
                        """));
    }

    @Test
    void edits_the_draft_and_says_that_it_has_to_be_deployed() {
        server.on("PATCH /api/v2/actions/actions/a3", 200, AHEAD);

        Result result = CommandLineRun.against(server, folder)
                .with("TMPDIR", folder.toString())
                .with("EDITOR", "ed")
                .editing((_, file) -> {
                    assertThat(file).hasFileName("action.js").hasContent("exports.x = 3;");
                    Files.writeString(file, CODE);
                    return 0;
                })
                .run("actions", "edit", "Third");

        assertThat(server.last().json()).isEqualTo(Json.object().put("code", CODE));
        assertThat(result.out()).startsWith("The Action is changed.\n").endsWith("""

                        It runs so once it is deployed:
                          jeton actions deploy a3
                        """);
    }

    @Test
    void changes_the_dependencies_of_a_draft() {
        server.on("PATCH /api/v2/actions/actions/a1", 200, DRAFT);

        jeton("actions", "edit", "a1", "--dependency", "ms", "--name", "New");

        assertThat(server.last().json())
                .isEqualTo(Json.parse("{\"name\":\"New\",\"dependencies\":[{\"name\":\"ms\"}]}"));
    }

    @Test
    void deploys_an_action_and_says_whether_it_runs() {
        server.on("POST /api/v2/actions/actions/a1/deploy", 200, "{\"id\":\"v1\",\"number\":1}");
        server.on("POST /api/v2/actions/actions/a3/deploy", 200, "{\"id\":\"v2\",\"number\":3}");

        assertThat(jeton("actions", "deploy", "Add the plan").out()).isEqualTo("""
                        Version 1 of the Action 'Add the plan' is deployed.
                        It runs once it is bound:
                          jeton actions bind a1
                        """);
        assertThat(jeton("actions", "deploy", "Third").out())
                .isEqualTo("Version 3 of the Action 'Third' is deployed.\n");
        assertThat(Json.parse(jeton("actions", "deploy", "Third", "--json").out()))
                .isEqualTo(Json.parse("{\"id\":\"v2\",\"number\":3}"));
    }

    private void twoVersions() {
        server.on("GET /api/v2/actions/actions/a2/versions", 200, """
                {"versions":[{"id":"v7","number":7,"deployed":true,"created_at":"2026-11-26T03:15:00.123456789Z"},
                             {"id":"v6","number":6,"deployed":false,"created_at":"2026-11-25T03:15:00.123456789Z"}]}""");
    }

    @Test
    void lists_the_versions() {
        twoVersions();
        server.on("GET /api/v2/actions/actions/a1/versions", 200, "{\"versions\":[]}");

        assertThat(jeton("actions", "versions", "Check").out()).isEqualTo("""
                        NUMBER  ID  MADE                  DEPLOYED
                        7       v7  2026-11-26 03:15:00Z  yes
                        6       v6  2026-11-25 03:15:00Z
                        """);
        assertThat(jeton("actions", "versions", "a1").out()).contains("jeton actions deploy a1");
        assertThat(Json.parse(jeton("actions", "versions", "a1", "--json").out()))
                .isEqualTo(Json.parse("[]"));
    }

    @Test
    void rolls_back_to_a_version_by_its_number_and_leaves_the_draft() {
        twoVersions();
        server.on("POST /api/v2/actions/actions/a2/versions/v6/deploy", 200, "{\"id\":\"v8\",\"number\":8}");

        Result result = jeton("actions", "rollback", "Check", "6");

        assertThat(server.last().json()).isEqualTo(Json.parse("{\"update_draft\":false}"));
        assertThat(result.out()).isEqualTo("Version 6 of the Action 'Check' is deployed again, as version 8.\n");
        assertThat(Json.parse(
                        jeton("actions", "rollback", "Check", "6", "--json").out()))
                .isEqualTo(Json.parse("{\"id\":\"v8\",\"number\":8}"));
    }

    @Test
    void names_the_versions_when_there_is_none_of_that_number() {
        twoVersions();

        assertThat(jeton("actions", "rollback", "Check", "5")).isEqualTo(new Result(1, "", """
                        jeton: cannot roll the Action back: there is no version 5 of the Action 'Check'
                          see them with jeton actions versions a2
                        """));
        assertThat(jeton("actions", "rollback", "Check", "five").exitCode()).isEqualTo(2);
    }

    @Test
    void binds_an_action_at_a_position_and_moves_a_bound_one() {
        server.on(
                "GET /api/v2/actions/actions/a4",
                200,
                DEPLOYED.replace("a2", "a4").replace("Check", "Fourth"));
        server.on(
                "GET /api/v2/actions/actions",
                200,
                "{\"actions\":[{\"id\":\"a4\",\"name\":\"Fourth\"}," + DEPLOYED + "]}");

        Result result = jeton("actions", "bind", "Fourth", "--position", "2");
        assertThat(order())
                .containsExactly("action_id a3, the Third", "action_id a4, Fourth", "action_id a2, the Check");
        assertThat(result.out()).isEqualTo("""
                        The Action 'Fourth' is bound.

                        POSITION  NAME    ID
                        1         Third   a3
                        2         Fourth  a4
                        3         Check   a2
                        """);

        jeton("actions", "bind", "Check", "--position", "1");
        assertThat(order()).containsExactly("action_id a2, the Check", "action_id a3, the Third");
    }

    @Test
    void leaves_a_bound_action_where_it_is_unless_a_position_is_given() {
        jeton("actions", "bind", "Third");
        assertThat(order()).containsExactly("action_id a3, the Third", "action_id a2, the Check");

        assertThat(jeton("actions", "bind", "Third", "--position", "3").err())
                .isEqualTo("jeton: --position is a number from 1 to 2\n");
    }

    @Test
    void does_not_bind_what_is_not_deployed() {
        assertThat(jeton("actions", "bind", "a1")).isEqualTo(new Result(1, "", """
                        jeton: cannot bind the Action: no version of it is deployed
                          jeton actions deploy a1
                        """));
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH"));
    }

    @Test
    void unbinds_an_action() {
        Result result = jeton("actions", "unbind", "Third");

        assertThat(order()).containsExactly("action_id a2, the Check");
        assertThat(result.out()).isEqualTo("""
                        The Action 'Third' is no longer bound: it does not run.

                        POSITION  NAME   ID
                        1         Check  a2
                        """);
        assertThat(jeton("actions", "unbind", "Add the plan"))
                .isEqualTo(new Result(1, "", "jeton: cannot unbind the Action: it is not bound\n"));
        assertThat(Json.parse(jeton("actions", "unbind", "Third", "--json").out()))
                .isEqualTo(Json.parse("{\"bindings\":[]}"));
    }

    @Test
    void gives_the_bound_actions_another_order() {
        assertThat(jeton("actions", "order", "Check", "a3").out()).isEqualTo("""
                        The order is changed.

                        POSITION  NAME   ID
                        1         Check  a2
                        2         Third  a3
                        """);
        assertThat(order()).containsExactly("action_id a2, the Check", "action_id a3, the Third");
    }

    @Test
    void wants_every_bound_action_once_in_the_new_order() {
        assertThat(jeton("actions", "order", "Check")).isEqualTo(new Result(2, "", """
                        jeton: the Action 'Third' is bound and has no place in the order
                          name it too, or first: jeton actions unbind a3
                        """));
        assertThat(jeton("actions", "order", "Check", "Third", "a2").err())
                .isEqualTo("jeton: the Action 'Check' is named twice\n");
        assertThat(jeton("actions", "order", "Check", "Third", "a1").err()).isEqualTo("""
                        jeton: the Action 'Add the plan' is not bound
                          jeton actions bind a1
                        """);
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH"));
    }

    @Test
    void deletes_a_bound_action_only_with_force() {
        server.on("DELETE /api/v2/actions/actions/a2", 204, "");
        server.on("DELETE /api/v2/actions/actions/a1", 204, "");

        assertThat(jeton("actions", "delete", "Check", "--yes")).isEqualTo(new Result(1, "", """
                        jeton: cannot delete the Action: it is bound
                          unbind it with jeton actions unbind a2, or add --force
                        """));
        Result forced = CommandLineRun.against(server, folder)
                .answering(new Typing("Check"))
                .run("actions", "delete", "Check", "--force");
        assertThat(forced.out()).isEqualTo("""
                        This deletes the Action 'Check' (a2), its versions and its secrets; \
                        it is bound: tokens are issued without it then.
                        The server is %s (options and environment).
                        The Action 'Check' is deleted.
                        """.formatted(server.issuer()));
        assertThat(server.last()).hasToString("DELETE /api/v2/actions/actions/a2?force=true");

        assertThat(jeton("actions", "delete", "a1", "--yes", "--json").out())
                .isEqualTo("{\n  \"deleted\" : \"a1\"\n}\n");
        assertThat(server.last()).hasToString("DELETE /api/v2/actions/actions/a1");
    }

    @Test
    void deletes_nothing_when_nobody_can_be_asked() {
        assertThat(jeton("actions", "delete", "a1").exitCode()).isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void sets_secrets_and_keeps_the_others_by_naming_them() {
        server.on("PATCH /api/v2/actions/actions/a1", 200, DRAFT);

        Result result = jeton("actions", "set-secret", "Add the plan", "B=b", "C=c");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"secrets":[{"name":"A"},{"name":"B","value":"b"},{"name":"C","value":"c"}]}"""));
        assertThat(result).isEqualTo(new Result(0, """
                        The secrets of the Action 'Add the plan' are now: A B

                        It runs so once it is deployed:
                          jeton actions deploy a1
                        """, ""));
        assertThat(Json.parse(
                        jeton("actions", "set-secret", "a1", "B=b", "--json").out()))
                .isEqualTo(Json.parse(DRAFT));
    }

    @Test
    void removes_secrets_by_not_naming_them() {
        server.on("PATCH /api/v2/actions/actions/a1", 200, DEPLOYED);

        assertThat(jeton("actions", "remove-secret", "a1", "A", "B").out())
                .isEqualTo("The secrets of the Action 'Add the plan' are now: none\n");
        assertThat(server.last().json()).isEqualTo(Json.parse("{\"secrets\":[]}"));
        assertThat(jeton("actions", "remove-secret", "a1", "C")).isEqualTo(new Result(1, "", """
                        jeton: the Action 'Add the plan' has no secret 'C'
                          it has: A B
                        """));
    }

    @Test
    void tests_the_draft_with_an_event_like_that_of_a_real_request() {
        server.on("POST /api/v2/actions/actions/a1/test", 200, """
                {"payload":{"result":{"scope":["a"]},"console":[]},"stats":{"total_runtime_execution_duration_ms":1.2}}""");
        server.on("GET /api/v2/clients/app1", 200, """
                {"client_id":"app1","name":"Billing worker","client_metadata":{"plan":"full"}}""");

        Result result =
                jeton("actions", "test", "a1", "--app", "app1", "--api", "urn:api", "--scope", "a", "--scope", "b");

        assertThat(server.last().json()).isEqualTo(Json.parse("""
                {"payload":{
                  "accessToken":{"customClaims":{},"scope":["a","b"]},
                  "client":{"client_id":"app1","name":"Billing worker","metadata":{"plan":"full"}},
                  "request":{"method":"POST","ip":"127.0.0.1","hostname":"127.0.0.1","user_agent":"jeton",
                    "body":{"grant_type":"client_credentials","client_id":"app1","audience":"urn:api","scope":"a b"}},
                  "resource_server":{"identifier":"urn:api"},
                  "tenant":{"id":"127.0.0.1"},
                  "transaction":{"requested_scopes":["a","b"]}}}"""));
        assertThat(result.out())
                .startsWith("The Action 'Add the plan' ran for 1.2 ms, as a test: no token was issued.\n");
    }

    @Test
    void tests_the_draft_with_a_made_up_event_and_fails_when_it_denies() {
        server.on("POST /api/v2/actions/actions/a1/test", 200, """
                {"payload":{"error":{"code":"invalid_request","status":400,"message":"Access denied"},"console":[]},
                 "stats":{"total_runtime_execution_duration_ms":1.2}}""");

        Result result = jeton("actions", "test", "a1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("jeton: the Action 'Add the plan' gives no token: invalid_request (400): Access denied\n");
        JsonNode event = server.last().json().path("payload");
        assertThat(event.path("client").path("metadata").isObject()).isTrue();
        assertThat(event.path("transaction").path("requested_scopes").isArray()).isTrue();
        assertThat(event.path("request").path("body").has("scope")).isFalse();
    }

    @Test
    void shows_the_log_of_an_action() {
        server.on("GET /api/v2/actions/actions/a2/logs", 200, """
                {"logs":[{"id":"1","date":"2026-11-26T03:15:00.123Z","level":"warn","text":"hm","request_id":null}],"next":"1"}""");
        server.on("GET /api/v2/logs", 200, """
                [{"log_id":"e1","date":"2026-11-26T03:15:00.200Z","details":{"actions":{"results":[
                  {"kind":"hook","id":"a2","duration_ms":1},{"kind":"action","id":"a2","duration_ms":0.42}]}}}]""");

        assertThat(jeton("actions", "logs", "Check").out()).isEqualTo("""
                        2026-11-26 03:15:00Z  warn   hm
                        2026-11-26 03:15:00Z  ran 0.42 ms  ok  e1
                        """);
    }
}
