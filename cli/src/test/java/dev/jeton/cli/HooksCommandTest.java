package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class HooksCommandTest {
    private static final String SCRIPT =
            "module.exports = (client, scope, audience, context, cb) => cb(null, {scope});\n";
    private static final String HOOK = """
            {"id":"01HOOK1","name":"Add the plan","dependencies":{"ms":"2.1.3"},"triggerId":"credentials-exchange",
             "enabled":false}""";
    private static final String OTHER = """
            {"id":"01HOOK2","name":"Old one","dependencies":{},"triggerId":"credentials-exchange","enabled":true}""";

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void twoHooks() throws IOException {
        Files.writeString(folder.resolve("hook.js"), SCRIPT);
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[" + HOOK + "," + OTHER + "]}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Result jeton(String... args) {
        return CommandLineRun.against(server, folder).run(args);
    }

    /** The same as the server would say it with other values. */
    private static String enabled(String hook, boolean enabled) {
        return hook.replaceAll("\"enabled\":\\w+", "\"enabled\":" + enabled);
    }

    @Test
    void prints_the_starter_of_the_worker_as_it_is() throws IOException {
        Result result = jeton("hooks", "scaffold");

        assertThat(result).isEqualTo(new Result(0, Files.readString(Path.of("../hook-worker/starter.js")), ""));
        assertThat(Json.parse(jeton("hooks", "scaffold", "--json").out())
                        .path("script")
                        .stringValue())
                .isEqualTo(result.out());
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void creates_a_hook_that_does_not_run_yet() {
        server.on("POST /api/v2/hooks", 201, HOOK);

        Result result = jeton("hooks", "create", "Add the plan", "hook.js", "--dependency", "ms@2.1.3");

        assertThat(server.last().json())
                .isEqualTo(Json.object()
                        .put("name", "Add the plan")
                        .put("triggerId", "credentials-exchange")
                        .put("script", SCRIPT)
                        .put("enabled", false)
                        .set("dependencies", Json.object().put("ms", "2.1.3")));
        assertThat(result).isEqualTo(new Result(0, """
                        The Hook is created.

                        Name          Add the plan
                        ID            01HOOK1
                        Enabled       no
                        Dependencies  ms@2.1.3

                        Next, test it and let it run:
                          jeton hooks test 01HOOK1
                          jeton hooks enable 01HOOK1
                        """, ""));
    }

    @Test
    void enables_a_new_hook_only_after_its_secrets_are_there() throws IOException {
        server.on("POST /api/v2/hooks", 201, HOOK);
        server.on("POST /api/v2/hooks/01HOOK1/secrets", 201, "{}");
        server.on("PATCH /api/v2/hooks/01HOOK1", 200, enabled(HOOK, true));
        Files.writeString(folder.resolve("secrets"), "# ours\n\nB=b=b\n");

        Result result = jeton(
                "hooks",
                "create",
                "Add the plan",
                "hook.js",
                "--secret",
                "A=a",
                "--secrets-file",
                "secrets",
                "--enable");

        assertThat(server.calls())
                .containsExactly(
                        "POST /api/v2/hooks",
                        "POST /api/v2/hooks/01HOOK1/secrets",
                        "GET /api/v2/hooks?take=100",
                        "PATCH /api/v2/hooks/01HOOK1");
        assertThat(server.request("POST /api/v2/hooks/01HOOK1/secrets").json())
                .isEqualTo(Json.parse("{\"A\":\"a\",\"B\":\"b=b\"}"));
        assertThat(server.last().json()).isEqualTo(Json.parse("{\"enabled\":true}"));
        assertThat(result.out()).startsWith("""
                        The Hook is created and enabled: it runs before every token.
                        The Hook 'Old one' (01HOOK2), which ran before, is switched off.
                        """).contains("Enabled       yes\n", "Secrets       A B\n");
    }

    @Test
    void prints_the_json_of_the_hook_as_it_is_in_the_end() {
        server.on("POST /api/v2/hooks", 201, HOOK);
        server.on("PATCH /api/v2/hooks/01HOOK1", 200, enabled(HOOK, true));

        assertThat(Json.parse(jeton("hooks", "create", "A", "hook.js", "--json").out()))
                .isEqualTo(Json.parse(HOOK));
        assertThat(Json.parse(jeton("hooks", "create", "A", "hook.js", "--enable", "--json")
                        .out()))
                .isEqualTo(Json.parse(enabled(HOOK, true)));
    }

    @Test
    void says_what_is_done_and_how_to_go_on_when_the_secrets_are_refused() {
        server.on("POST /api/v2/hooks", 201, HOOK);
        server.on("POST /api/v2/hooks/01HOOK1/secrets", 403, """
                {"statusCode":403,"error":"Forbidden","errorCode":"insufficient_scope",
                 "message":"Insufficient scope, expected any of: update:hooks"}""");

        Result result = jeton("hooks", "create", "Add the plan", "hook.js", "--secret", "A=very-secret", "--enable");

        assertThat(result).isEqualTo(new Result(1, "", """
                        jeton: cannot add the secrets: Insufficient scope, expected any of: update:hooks; \
                        the Hook 'Add the plan' is created (01HOOK1), disabled and without its secrets
                          grant application cli-client the scope update:hooks for the API %sapi/v2/; \
                        then jeton hooks set-secret 01HOOK1 KEY=VALUE and jeton hooks enable 01HOOK1
                        """.formatted(server.issuer())));
        assertThat(server.calls()).noneMatch(call -> call.startsWith("PATCH"));
    }

    @Test
    void says_what_is_done_and_how_to_go_on_when_the_server_goes_before_the_hook_is_enabled() {
        server.on("POST /api/v2/hooks", 201, HOOK);
        server.on("POST /api/v2/hooks/01HOOK1/secrets", 201, "{}");
        server.on("GET /api/v2/hooks", _ -> {
            throw new IllegalStateException("gone");
        });

        Result result = jeton("hooks", "create", "Add the plan", "hook.js", "--secret", "A=a", "--enable");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .startsWith("jeton: cannot enable the Hook: ")
                .contains(
                        "; the Hook 'Add the plan' is created (01HOOK1) with its secrets, but not known to be enabled\n")
                .endsWith("; then jeton hooks enable 01HOOK1\n");
    }

    @Test
    void passes_on_that_a_name_is_taken_and_that_it_does_not_fit() {
        server.on("POST /api/v2/hooks", 409, """
                {"statusCode":409,"error":"Conflict","message":"A hook with the same name already exists: Add the plan",
                 "errorCode":"hook_conflict"}""");

        assertThat(jeton("hooks", "create", "Add the plan", "hook.js")).isEqualTo(new Result(1, "", """
                        jeton: cannot create the Hook: A hook with the same name already exists: Add the plan
                          choose another name, or change that Hook with jeton hooks edit
                        """));
        jeton("hooks", "create", "../\u001b[2J \"odd\" \ud83d\ude00", "hook.js");
        assertThat(server.last().json().path("name").stringValue()).isEqualTo("../\u001b[2J \"odd\" \ud83d\ude00");
    }

    @Test
    void sends_nothing_when_the_script_cannot_be_one() throws IOException {
        Files.writeString(folder.resolve("empty.js"), " \n");
        Files.writeString(folder.resolve("long.js"), "/".repeat(100_001));
        Files.write(folder.resolve("latin.js"), "// é".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(jeton("hooks", "create", "A", "none.js").err())
                .isEqualTo("jeton: cannot read the script: there is no file none.js\n");
        assertThat(jeton("hooks", "create", "A", ".").err())
                .isEqualTo("jeton: cannot read the script: . is a folder\n");
        assertThat(jeton("hooks", "create", "A", "empty.js"))
                .isEqualTo(new Result(2, "", "jeton: the script in empty.js is empty\n"));
        assertThat(jeton("hooks", "create", "A", "long.js").err())
                .isEqualTo("jeton: the script in long.js has more than 100000 bytes, the most that can be sent\n");
        assertThat(jeton("hooks", "create", "A", "latin.js").err())
                .isEqualTo("jeton: the script in latin.js is not text in UTF-8\n");
        assertThat(jeton("hooks", "create", "A", "-").err())
                .isEqualTo("jeton: the script from standard input is empty\n");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void takes_a_script_of_the_largest_size_and_one_from_standard_input() throws IOException {
        server.on("POST /api/v2/hooks", 201, HOOK);
        Files.writeString(folder.resolve("long.js"), "/".repeat(100_000));

        assertThat(jeton("hooks", "create", "A", "long.js").exitCode()).isZero();
        CommandLineRun.against(server, folder).reading("// ü\n").run("hooks", "create", "A", "-");

        assertThat(server.last().json().path("script").stringValue()).isEqualTo("// ü\n");
    }

    @Test
    void refuses_a_dependency_without_a_version_and_one_given_twice() {
        assertThat(jeton("hooks", "create", "A", "hook.js", "--dependency", "@scope/name")
                        .err())
                .isEqualTo("jeton: which version of @scope/name? a Hook's dependency is NAME@VERSION, as ms@2.1.3\n");
        assertThat(jeton("hooks", "create", "A", "hook.js", "--dependency", "ms@")
                        .exitCode())
                .isEqualTo(2);
        assertThat(jeton("hooks", "create", "A", "hook.js", "--dependency", "ms@1.0.0", "--dependency", "ms@2.0.0")
                        .err())
                .isEqualTo("jeton: the dependency ms is given twice\n");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void lists_the_hooks() {
        assertThat(jeton("hooks", "list").out()).isEqualTo("""
                        NAME          ID       ENABLED  DEPENDENCIES
                        Add the plan  01HOOK1           ms@2.1.3
                        Old one       01HOOK2  yes
                        """);
        assertThat(Json.parse(jeton("hooks", "list", "--json").out()))
                .isEqualTo(Json.parse("[" + HOOK + "," + OTHER + "]"));
    }

    @Test
    void says_how_to_begin_when_there_is_none() {
        server.on("GET /api/v2/hooks", 200, "{\"hooks\":[]}");

        assertThat(jeton("hooks", "list").out()).contains("jeton hooks create NAME FILE");
    }

    @Test
    void shows_a_hook_by_its_name_or_its_id_without_the_values_of_its_secrets() {
        server.on("GET /api/v2/hooks/01HOOK1", 200, with(HOOK, "script", SCRIPT));
        server.on(
                "GET /api/v2/hooks/01HOOK1/secrets", 200, "{\"A\":\"_VALUE_NOT_SHOWN_\",\"B\":\"_VALUE_NOT_SHOWN_\"}");

        Result byName = jeton("hooks", "show", "Add the plan");

        assertThat(byName.out()).isEqualTo("""
                        Name          Add the plan
                        ID            01HOOK1
                        Enabled       no
                        Dependencies  ms@2.1.3
                        Secrets       A B
                        Script        78 bytes; --script prints it
                        """);
        assertThat(jeton("hooks", "show", "01HOOK1")).isEqualTo(byName);
        assertThat(Json.parse(jeton("hooks", "show", "01HOOK1", "--json").out()))
                .isEqualTo(Json.parse(with(HOOK, "script", SCRIPT)));
    }

    private static String with(String hook, String field, String value) {
        return Json.compact(((ObjectNode) Json.parse(hook)).put(field, value));
    }

    @Test
    void prints_a_script_as_it_is_into_a_file_and_harmless_on_a_terminal() {
        String script = "// \u001b[2J\r\n\tscope; // \u00e9";
        server.on("GET /api/v2/hooks/01HOOK1", 200, with(HOOK, "script", script));

        assertThat(jeton("hooks", "show", "01HOOK1", "--script").out()).isEqualTo(script);
        assertThat(CommandLineRun.against(server, folder)
                        .answering(new Typing("")) // a terminal too, but the script does not go there
                        .run("hooks", "show", "01HOOK1", "--script")
                        .out())
                .isEqualTo(script);
        assertThat(CommandLineRun.against(server, folder)
                        .printingToATerminal()
                        .run("hooks", "show", "01HOOK1", "--script")
                        .out())
                .isEqualTo("// \\u001b[2J\n    scope; // \u00e9\n");
    }

    @Test
    void names_the_list_when_there_is_no_such_hook_and_asks_nothing_odd_of_the_server() {
        for (String odd : new String[] {"nope", "..", "a/b?c", "ADD THE PLAN", ""}) {
            assertThat(jeton("hooks", "disable", odd)).isEqualTo(new Result(1, "", """
                            jeton: cannot disable the Hook: no Hook has the id or the name '%s'
                              see the Hooks with jeton hooks list
                            """.formatted(odd)));
        }
        assertThat(server.calls()).containsOnly("GET /api/v2/hooks?take=100");
    }

    @Test
    void prefers_an_id_to_a_name() {
        server.on(
                "GET /api/v2/hooks", 200, "{\"hooks\":[{\"id\":\"1\",\"name\":\"2\"},{\"id\":\"2\",\"name\":\"3\"}]}");
        server.on("PATCH /api/v2/hooks/2", 200, "{\"id\":\"2\",\"name\":\"3\"}");

        assertThat(jeton("hooks", "disable", "2").exitCode()).isZero();
    }

    @Test
    void says_which_hook_is_switched_off_by_another() {
        server.on("PATCH /api/v2/hooks/01HOOK1", 200, enabled(HOOK, true));

        assertThat(jeton("hooks", "enable", "Add the plan")).isEqualTo(new Result(0, """
                        The Hook 'Add the plan' is enabled: it runs before every token.
                        The Hook 'Old one' (01HOOK2), which ran before, is switched off.
                        """, ""));
        assertThat(Json.parse(jeton("hooks", "enable", "01HOOK1", "--json").out()))
                .isEqualTo(Json.parse(enabled(HOOK, true)));
    }

    @Test
    void does_not_say_that_a_hook_is_switched_off_by_itself() {
        server.on("PATCH /api/v2/hooks/01HOOK2", 200, OTHER);

        assertThat(jeton("hooks", "enable", "Old one").out().lines()).hasSize(1);
    }

    @Test
    void disables_a_hook() {
        server.on("PATCH /api/v2/hooks/01HOOK2", 200, enabled(OTHER, false));

        assertThat(jeton("hooks", "disable", "Old one").out())
                .isEqualTo("The Hook 'Old one' is disabled: tokens are issued without it.\n");
        assertThat(server.last().json()).isEqualTo(Json.parse("{\"enabled\":false}"));
        assertThat(Json.parse(jeton("hooks", "disable", "Old one", "--json").out()))
                .isEqualTo(Json.parse(enabled(OTHER, false)));
    }

    @Test
    void asks_before_it_deletes_and_says_that_the_hook_is_in_use() {
        server.on("DELETE /api/v2/hooks/01HOOK2", 204, "");

        Result result = CommandLineRun.against(server, folder)
                .answering(new Typing("Old one"))
                .run("hooks", "delete", "01HOOK2");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("""
                        This deletes the Hook 'Old one' (01HOOK2), its script and its secrets; \
                        it is enabled: tokens are issued without it then.
                        The server is %s (options and environment).
                        The Hook 'Old one' is deleted.
                        """.formatted(server.issuer()));
        assertThat(server.last()).hasToString("DELETE /api/v2/hooks/01HOOK2");
    }

    @Test
    void deletes_nothing_when_something_else_is_typed_or_nobody_can_be_asked() {
        Result other = CommandLineRun.against(server, folder)
                .answering(new Typing("Add the plan"))
                .run("hooks", "delete", "01HOOK2");
        Result nobody = jeton("hooks", "delete", "01HOOK2");

        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(nobody.exitCode()).isEqualTo(2);
        assertThat(nobody.err()).contains("--yes");
        assertThat(server.calls()).noneMatch(call -> call.startsWith("DELETE"));
    }

    @Test
    void deletes_unasked_with_yes() {
        server.on("DELETE /api/v2/hooks/01HOOK2", 204, "");

        assertThat(jeton("hooks", "delete", "Old one", "--yes", "--json"))
                .isEqualTo(new Result(0, "{\n  \"deleted\" : \"01HOOK2\"\n}\n", ""));
    }

    @Test
    void lists_the_names_of_the_secrets() {
        server.on(
                "GET /api/v2/hooks/01HOOK1/secrets", 200, "{\"A\":\"_VALUE_NOT_SHOWN_\",\"B\":\"_VALUE_NOT_SHOWN_\"}");
        server.on("GET /api/v2/hooks/01HOOK2/secrets", 200, "{}");

        assertThat(jeton("hooks", "secrets", "01HOOK1").out()).isEqualTo("A\nB\n");
        assertThat(jeton("hooks", "secrets", "01HOOK2").out())
                .isEqualTo(
                        "The Hook 'Old one' has no secrets; add one with jeton hooks set-secret 01HOOK2 KEY=VALUE\n");
        assertThat(Json.parse(jeton("hooks", "secrets", "01HOOK2", "--json").out()))
                .isEqualTo(Json.object());
    }

    @Test
    void adds_the_secrets_that_are_new_and_updates_the_others() throws IOException {
        server.on("GET /api/v2/hooks/01HOOK1/secrets", 200, "{\"B\":\"_VALUE_NOT_SHOWN_\"}");
        server.on("POST /api/v2/hooks/01HOOK1/secrets", 201, "{}");
        server.on("PATCH /api/v2/hooks/01HOOK1/secrets", 201, "{}");
        Files.writeString(folder.resolve("key.txt"), "from-file\n");

        Result result = CommandLineRun.against(server, folder)
                .reading("from-input\n")
                .run("hooks", "set-secret", "01HOOK1", "A=@key.txt", "B=-", "C=c");

        assertThat(server.request("POST /api/v2/hooks/01HOOK1/secrets").json())
                .isEqualTo(Json.parse("{\"A\":\"from-file\",\"C\":\"c\"}"));
        assertThat(server.request("PATCH /api/v2/hooks/01HOOK1/secrets").json())
                .isEqualTo(Json.parse("{\"B\":\"from-input\"}"));
        assertThat(result).isEqualTo(new Result(0, """
                        The secrets of the Hook 'Add the plan' are set.

                        Added    A C
                        Updated  B
                        """, ""));
        assertThat(Json.parse(jeton("hooks", "set-secret", "01HOOK1", "A=a", "B=b", "--json")
                        .out()))
                .isEqualTo(Json.parse("{\"added\":[\"A\"],\"updated\":[\"B\"]}"));
    }

    @Test
    void says_which_secrets_are_there_when_the_server_refuses_half_way() {
        server.on("GET /api/v2/hooks/01HOOK1/secrets", 200, "{\"B\":\"_VALUE_NOT_SHOWN_\"}");
        server.on("POST /api/v2/hooks/01HOOK1/secrets", 201, "{}");
        server.on("PATCH /api/v2/hooks/01HOOK1/secrets", 500, "{\"statusCode\":500,\"message\":\"Internal\"}");

        assertThat(jeton("hooks", "set-secret", "01HOOK1", "A=a", "B=b").err())
                .isEqualTo("jeton: cannot set the secrets: Internal; added: A, not updated: B\n");
    }

    @Test
    void removes_secrets() {
        server.on(
                "GET /api/v2/hooks/01HOOK1/secrets", 200, "{\"A\":\"_VALUE_NOT_SHOWN_\",\"B\":\"_VALUE_NOT_SHOWN_\"}");
        server.on("DELETE /api/v2/hooks/01HOOK1/secrets", 204, "");

        Result result = jeton("hooks", "remove-secret", "01HOOK1", "A", "B");

        assertThat(server.last()).hasToString("DELETE /api/v2/hooks/01HOOK1/secrets");
        assertThat(server.last().json()).isEqualTo(Json.parse("[\"A\",\"B\"]"));
        assertThat(result.out()).isEqualTo("Removed from the Hook 'Add the plan': A B\n");
        assertThat(jeton("hooks", "remove-secret", "01HOOK1", "A", "--json"))
                .isEqualTo(new Result(0, "{\n  \"removed\" : [ \"A\" ]\n}\n", ""));
    }

    @Test
    void does_not_take_a_slip_in_a_secrets_name_for_its_removal() {
        server.on("GET /api/v2/hooks/01HOOK1/secrets", 200, "{\"A\":\"_VALUE_NOT_SHOWN_\"}");

        assertThat(jeton("hooks", "remove-secret", "01HOOK1", "A", "a")).isEqualTo(new Result(1, "", """
                        jeton: the Hook 'Add the plan' has no secret 'a'
                          it has: A
                        """));
        assertThat(server.calls()).noneMatch(call -> call.startsWith("DELETE"));
    }
}
