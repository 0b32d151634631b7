package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import org.junit.jupiter.api.Test;

/** When imported Hooks and Actions run here. */
class ImportedCodeTest extends ImportScene {
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
}
