package dev.jeton.extension;

import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.IfMatch;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hooks, their secrets, Actions and bindings are changed only in the state that a request asks for. */
class ExtensionStateTest {
    private static final String BINDINGS = "actions/triggers/credentials-exchange/bindings";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String tag(String path) {
        return IfMatch.tag(server.manage("GET", path, null));
    }

    private static void assertHasChanged(String tag, String method, String path, @Nullable Object body) {
        HttpResponse<String> late = IfMatch.manage(server, tag, method, path, body);
        assertThat(late.statusCode()).as(late.body()).isEqualTo(412);
        assertThat(json(late).path("errorCode").asString()).isEqualTo("precondition_failed");
    }

    /** Makes the change, and gives the tag of what is there then. */
    private static String change(String tag, String method, String path, @Nullable Object body) {
        HttpResponse<String> changed = IfMatch.manage(server, tag, method, path, body);
        assertThat(changed.statusCode() / 100).as(changed.body()).isEqualTo(2);
        String after = IfMatch.tag(changed);
        assertThat(after).isNotEqualTo(tag);
        return after;
    }

    private static String hook(String name) {
        return "hooks/"
                + server.managed(
                                "POST",
                                "hooks",
                                Map.of(
                                        "name",
                                        name,
                                        "triggerId",
                                        "credentials-exchange",
                                        "script",
                                        "module.exports = (client, scope, audience, context, cb) => cb(null, {});"))
                        .path("id")
                        .asString();
    }

    private static JsonNode action(String name) {
        return server.managed(
                "POST",
                "actions/actions",
                Map.of("name", name, "supported_triggers", List.of(Map.of("id", "credentials-exchange"))));
    }

    @Test
    void a_hook_that_somebody_else_has_changed_or_switched_off_stays_so() {
        String path = hook("One");
        String before = tag(path);
        String on = change(before, "PATCH", path, Map.of("enabled", true));
        assertThat(tag(path)).isEqualTo(on);
        assertHasChanged(before, "PATCH", path, Map.of("name", "Other"));

        server.managed("PATCH", hook("Two"), Map.of("enabled", true));
        assertHasChanged(on, "PATCH", path, Map.of("name", "Other"));
        assertHasChanged(on, "DELETE", path, null);
        JsonNode hook = server.managed("GET", path, null);
        assertThat(hook.path("name").asString()).isEqualTo("One");
        assertThat(hook.path("enabled").asBoolean()).isFalse();

        assertThat(IfMatch.manage(server, tag(path), "DELETE", path, null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void secrets_of_a_hook_have_a_state_of_their_own_that_values_are_part_of() {
        String hook = hook("With secrets");
        String path = hook + "/secrets";
        String ofHook = tag(hook);
        String none = tag(path);
        String added = change(none, "POST", path, Map.of("KEY", "one"));
        assertHasChanged(none, "POST", path, Map.of("OTHER", "x"));
        String changed = change(added, "PATCH", path, Map.of("KEY", "two"));
        assertThat(tag(path)).isEqualTo(changed);
        assertHasChanged(added, "PATCH", path, Map.of("KEY", "three"));
        assertHasChanged(added, "DELETE", path, List.of("KEY"));
        assertThat(server.managed("GET", path, null).toString()).isEqualTo("{\"KEY\":\"_VALUE_NOT_SHOWN_\"}");

        assertThat(change(changed, "DELETE", path, List.of("KEY"))).isEqualTo(none);
        assertThat(tag(hook)).isEqualTo(ofHook);
    }

    @Test
    void an_action_that_somebody_else_has_saved_or_deployed_is_not_changed_or_deployed() {
        String path = "actions/actions/" + action("Contested").path("id").asString();
        String before = tag(path);
        String saved =
                change(before, "PATCH", path, Map.of("code", "exports.onExecuteCredentialsExchange = () => {};"));
        assertHasChanged(before, "PATCH", path, Map.of("name", "Other"));
        assertHasChanged(before, "POST", path + "/deploy", null);

        String deployed = change(saved, "POST", path + "/deploy", null);
        assertThat(tag(path)).isEqualTo(deployed);
        assertHasChanged(saved, "POST", path + "/deploy", null);
        String version =
                server.managed("GET", path, null).at("/deployed_version/id").asString();
        assertHasChanged(saved, "POST", path + "/versions/" + version + "/deploy", null);
        assertHasChanged(saved, "DELETE", path, null);
        assertThat(server.managed("GET", path + "/versions", null).path("versions"))
                .hasSize(1);

        String again = change(deployed, "POST", path + "/versions/" + version + "/deploy", null);
        assertThat(IfMatch.manage(server, again, "DELETE", path, null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void bindings_are_replaced_in_the_state_that_was_read() {
        JsonNode one = action("First");
        JsonNode two = action("Second");
        for (JsonNode action : List.of(one, two)) {
            server.managed("POST", "actions/actions/" + action.path("id").asString() + "/deploy", null);
        }
        String empty = tag(BINDINGS + "?per_page=1");
        String bound = change(empty, "PATCH", BINDINGS, bindingsOf("First"));
        assertThat(tag(BINDINGS)).isEqualTo(bound);
        assertHasChanged(empty, "PATCH", BINDINGS, bindingsOf("Second"));

        // What is deployed meanwhile does not change who is bound.
        server.managed("POST", "actions/actions/" + one.path("id").asString() + "/deploy", null);
        String both = change(bound, "PATCH", BINDINGS, bindingsOf("First", "Second"));
        String turned = change(both, "PATCH", BINDINGS, bindingsOf("Second", "First"));
        assertThat(change(turned, "PATCH", BINDINGS, bindingsOf())).isEqualTo(empty);
    }

    private static Map<String, ?> bindingsOf(String... names) {
        return Map.of(
                "bindings",
                List.of(names).stream()
                        .map(name -> Map.of("ref", Map.of("type", "action_name", "value", name)))
                        .toList());
    }
}
