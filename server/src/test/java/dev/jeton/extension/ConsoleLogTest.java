package dev.jeton.extension;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What Hooks write, as their authors read it, and what their runs leave in the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleLogTest {
    private static final String AUDIENCE = "https://api.example.com";

    private TestServer server;
    private JsonNode client;
    private String hookId;

    @BeforeAll
    void start() {
        server = TestServer.start();
        server.createApi(AUDIENCE, List.of("read"), Map.of());
        client = server.createClient("job", Map.of());
        server.createGrant(client.path("client_id").asString(), AUDIENCE, List.of("read"));
        hookId = server.managed(
                        "POST",
                        "hooks",
                        Map.of("name", "talks", "script", "1", "triggerId", "credentials-exchange", "enabled", true))
                .path("id")
                .asString();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void run(String body) {
        server.managed(
                "PATCH",
                "hooks/" + hookId,
                Map.of("script", "module.exports = (client, scope, audience, context, cb) => {" + body + "};"));
        server.token(client, AUDIENCE);
    }

    private JsonNode logs(String query) {
        return server.managed("GET", "hooks/" + hookId + "/logs" + query, null);
    }

    private JsonNode newestEvent() {
        return server.managed("GET", "logs?per_page=1", null).path(0);
    }

    @Test
    void lines_are_kept_in_their_order_and_followed_from_a_checkpoint() {
        String start = logs("").path("next").asString();
        run("console.log('one\\u001b[31m\\ntwo'); console.error('three'); console.debug('four'); cb(null, {scope})");
        Await.until(
                "three lines are kept",
                () -> logs("?from=" + start).path("logs").size() == 3);

        JsonNode lines = logs("?from=" + start).path("logs");
        assertThat(each(lines, "text")).containsExactly("one [31m two", "three", "four");
        assertThat(each(lines, "level")).containsExactly("log", "error", "debug");
        assertThat(lines.path(0).path("date").asString()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(lines.path(0).path("request_id"))
                .isEqualTo(newestEvent().path("details").path("request_id"));

        assertThat(each(logs("?take=2").path("logs"), "text")).containsExactly("three", "four");
        String end = lines.path(2).path("id").asString();
        assertThat(logs("?from=" + end).toString()).isEqualTo("{\"logs\":[],\"next\":\"" + end + "\"}");
        assertThat(logs("?from=" + start + "&take=1").path("next").asString())
                .isEqualTo(lines.path(0).path("id").asString());
    }

    @Test
    void a_malformed_checkpoint_is_refused() {
        for (String from : List.of("x", "-1", "18446744073709551615")) {
            assertRefused(
                    server.manage("GET", "hooks/" + hookId + "/logs?from=" + from, null),
                    400,
                    "Query validation error: 'Not a checkpoint of this list' on property from.",
                    "invalid_query_string");
        }
        assertRefused(
                server.manage("GET", "hooks/nothing/logs", null),
                404,
                "Error: Hook does not exist",
                "HookDoesNotExist");
    }

    @Test
    void a_run_leaves_its_duration_and_its_outcome_in_the_event_of_its_token() {
        run("cb(null, {scope})");
        JsonNode event = newestEvent();
        assertThat(event.path("type").asString()).isEqualTo("seccft");
        JsonNode actions = event.path("details").path("actions");
        assertThat(actions.path("executions").toString())
                .isEqualTo("[\"" + event.path("log_id").asString() + "\"]");
        assertThat(actions.path("results").path(0).path("name").asString()).isEqualTo("talks");
        assertThat(actions.path("results").path(0).path("id").asString()).isEqualTo(hookId);
        assertThat(actions.path("results").path(0).has("error")).isFalse();
        assertThat(actions.path("duration_ms").asDouble()).isPositive();

        JsonNode execution = server.managed(
                "GET", "actions/executions/" + event.path("log_id").asString(), null);
        assertThat(execution.path("trigger_id").asString()).isEqualTo("credentials-exchange");
        assertThat(execution.path("status").asString()).isEqualTo("final");
        assertThat(execution.path("results").path(0).path("action_name").asString())
                .isEqualTo("talks");
        assertThat(execution.path("results").path(0).path("error").isNull()).isTrue();
        assertThat(execution.path("updated_at").asString()).isEqualTo("2026-11-23T12:00:00Z");
    }

    @Test
    void a_refusal_tells_who_refused() {
        run("cb(new InvalidScopeError('not today'))");
        JsonNode event = newestEvent();
        assertThat(event.path("type").asString()).isEqualTo("feccft");
        assertThat(event.path("details")
                        .path("actions")
                        .path("results")
                        .path(0)
                        .path("error")
                        .asString())
                .startsWith("InvalidScopeError: not today");
        JsonNode execution = server.managed(
                "GET", "actions/executions/" + event.path("log_id").asString(), null);
        assertThat(execution.path("results").path(0).path("error").path("id").asString())
                .isEqualTo("invalid_scope");
    }

    @Test
    void an_event_without_a_run_is_no_execution() {
        server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", false));
        server.token(client, AUDIENCE);
        JsonNode event = newestEvent();
        assertThat(event.path("details").path("actions").toString()).isEqualTo("{\"executions\":[]}");
        assertRefused(
                server.manage(
                        "GET", "actions/executions/" + event.path("log_id").asString(), null),
                404,
                "That execution does not exist.",
                "");
        server.managed("PATCH", "hooks/" + hookId, Map.of("enabled", true));
    }
}
