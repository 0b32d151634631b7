package dev.jeton.action;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.extension.FakeNpmRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Versions: how they come to be, and what tools see of it. */
class DeploymentTest {
    private static FakeNpmRegistry registry;
    private static TestServer server;
    private static Actions actions;

    @BeforeAll
    static void start() {
        registry = new FakeNpmRegistry();
        registry.publish("one", "1.0.0", Map.of(), Map.of("index.js", "module.exports = 1"));
        registry.publish("one", "1.1.0", Map.of(), Map.of("index.js", "module.exports = 1.1"));
        registry.publish("@scope/two", "2.0.0", Map.of(), Map.of("index.js", "module.exports = 2"));
        registry.publish("native", "1.0.0", Map.of(), Map.of("binding.gyp", "{}"));
        server = TestServer.start(registry.environment());
        actions = new Actions(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        registry.close();
    }

    @AfterEach
    void deleteActions() {
        actions.deleteAll();
    }

    @Test
    void a_deployment_is_answered_as_auth0_does_and_a_look_afterwards_shows_it_at_work() {
        String id = actions.create("a", Map.of("secrets", List.of(Map.of("name", "foo", "value", "1"))));
        String made = actions.now();
        server.clock().advance(Duration.ofSeconds(1));

        HttpResponse<String> response = server.manage("POST", "actions/actions/" + id + "/deploy", null);

        assertThat(response.statusCode()).isEqualTo(200);
        String version = json(response).path("id").asString();
        assertThat(version).matches(Actions.UUID);
        String triggers = "\"supported_triggers\":[{\"id\":\"credentials-exchange\",\"version\":\"v2\"}]";
        String secrets = "\"secrets\":[{\"name\":\"foo\",\"updated_at\":" + made + "}]";
        assertThat(response.body())
                .isEqualTo("{\"code\":\"" + Actions.CODE + "\",\"dependencies\":[],\"id\":\"" + version
                        + "\",\"deployed\":false,\"number\":1," + secrets + ",\"status\":\"built\",\"created_at\":"
                        + actions.now() + ",\"updated_at\":" + actions.now() + ",\"runtime\":\"node22\"," + triggers
                        + ",\"action\":{\"id\":\"" + id + "\",\"name\":\"a\"," + triggers + ",\"created_at\":" + made
                        + ",\"updated_at\":" + made + ",\"all_changes_deployed\":false}}");
        assertThat(actions.get(id).toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"a\"," + triggers + ",\"created_at\":" + made
                        + ",\"updated_at\":" + made + ",\"code\":\"" + Actions.CODE
                        + "\",\"dependencies\":[],\"runtime\":\"node22\",\"status\":\"built\"," + secrets
                        + ",\"current_version\":{\"id\":\"" + version + "\",\"code\":\"" + Actions.CODE
                        + "\",\"runtime\":\"node22\",\"status\":\"BUILT\",\"number\":1,\"build_time\":" + actions.now()
                        + ",\"created_at\":" + actions.now() + ",\"updated_at\":" + actions.now()
                        + "},\"deployed_version\":{\"code\":\"" + Actions.CODE + "\",\"dependencies\":[],\"id\":\""
                        + version
                        + "\",\"deployed\":true,\"number\":1,\"built_at\":" + actions.now() + "," + secrets
                        + ",\"status\":\"built\",\"created_at\":" + actions.now() + ",\"updated_at\":" + actions.now()
                        + ",\"runtime\":\"node22\"," + triggers + "},\"all_changes_deployed\":true}");
        assertThat(server.managed("GET", "actions/actions/" + id + "/versions/" + version, null)
                        .toString())
                .isEqualTo("{\"code\":\"" + Actions.CODE + "\",\"dependencies\":[],\"id\":\"" + version
                        + "\",\"deployed\":true,\"number\":1,\"built_at\":" + actions.now() + "," + secrets
                        + ",\"status\":\"built\",\"created_at\":" + actions.now() + ",\"updated_at\":" + actions.now()
                        + ",\"runtime\":\"node22\"," + triggers + ",\"action\":{\"id\":\"" + id
                        + "\",\"name\":\"a\"," + triggers + ",\"created_at\":" + made + ",\"updated_at\":" + made
                        + ",\"all_changes_deployed\":true}}");
    }

    @Test
    void an_action_can_be_made_and_deployed_in_one_request() {
        HttpResponse<String> response = actions.post("a", Map.of("deploy", true));

        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode made = json(response);
        assertThat(made.path("deployed_version").path("deployed").asBoolean()).isTrue();
        assertThat(made.path("deployed_version").path("number").asInt()).isEqualTo(1);
        assertThat(made.path("current_version").path("id"))
                .isEqualTo(made.path("deployed_version").path("id"));
        assertThat(made.path("all_changes_deployed").asBoolean()).isTrue();
        assertThat(actions.get(made.path("id").asString())).isEqualTo(made);
    }

    @Test
    void what_is_saved_after_a_deployment_waits_for_the_next() {
        String id = actions.create("a", Map.of("deploy", true));

        actions.patch(id, Map.of("name", "renamed"));
        assertThat(actions.get(id).path("all_changes_deployed").asBoolean())
                .as("a name is of no version")
                .isTrue();
        actions.patch(id, Map.of("code", Actions.CODE));
        assertThat(actions.get(id).path("all_changes_deployed").asBoolean())
                .as("nothing was changed")
                .isTrue();
        actions.patch(id, Map.of("secrets", List.of(Map.of("name", "A", "value", "1"))));
        assertThat(actions.get(id).path("all_changes_deployed").asBoolean()).isFalse();
        actions.deploy(id);
        actions.patch(id, Map.of("secrets", List.of(Map.of("name", "A", "value", "1"))));
        assertThat(actions.get(id).path("all_changes_deployed").asBoolean())
                .as("nobody learns from this whether a value is the same")
                .isFalse();
        actions.patch(id, Map.of("code", Actions.OTHER_CODE));

        JsonNode action = actions.get(id);
        assertThat(action.path("code").asString()).isEqualTo(Actions.OTHER_CODE);
        assertThat(action.path("deployed_version").path("code").asString()).isEqualTo(Actions.CODE);
        assertThat(action.path("current_version").path("code").asString()).isEqualTo(Actions.CODE);
        assertThat(action.path("deployed_version").path("number").asInt()).isEqualTo(2);
    }

    @Test
    void versions_are_listed_with_the_newest_first() {
        String id = actions.create("a", Map.of());
        String other = actions.create("b", Map.of("deploy", true));
        assertThat(server.managed("GET", "actions/actions/" + id + "/versions?per_page=50", null)
                        .toString())
                .isEqualTo("{\"versions\":[],\"per_page\":50}");
        String first = actions.deploy(id).path("id").asString();
        actions.patch(id, Map.of("code", Actions.OTHER_CODE));
        String second = actions.deploy(id).path("id").asString();

        JsonNode list = server.managed("GET", "actions/actions/" + id + "/versions", null);
        assertThat(each(list.path("versions"), "id")).containsExactly(second, first);
        assertThat(each(list.path("versions"), "number")).containsExactly("2", "1");
        assertThat(each(list.path("versions"), "deployed")).containsExactly("true", "false");
        assertThat(each(list.path("versions"), "code")).containsExactly(Actions.OTHER_CODE, Actions.CODE);
        assertThat(list.path("total").asInt()).isEqualTo(2);
        assertThat(list.path("versions").path(0))
                .isEqualTo(server.managed("GET", "actions/actions/" + id + "/versions/" + second, null));
        JsonNode page = server.managed("GET", "actions/actions/" + id + "/versions?page=1&per_page=1", null);
        assertThat(each(page.path("versions"), "id")).containsExactly(first);
        assertThat(page.asObject().without("versions").toString()).isEqualTo("{\"total\":2,\"page\":1,\"per_page\":1}");
        assertRefused(
                server.manage("GET", "actions/actions/" + other + "/versions/" + first, null),
                404,
                "That action version does not exist.",
                "");
    }

    @Test
    void a_roll_back_makes_a_new_version_that_is_like_the_old_one_and_leaves_the_draft() {
        String id = actions.create("a", Map.of("secrets", List.of(Map.of("name", "A", "value", "1"))));
        String first = actions.deploy(id).path("id").asString();
        actions.patch(id, Map.of("code", Actions.OTHER_CODE, "secrets", List.of()));
        actions.deploy(id);
        actions.patch(id, Map.of("code", "z"));

        HttpResponse<String> response = actions.rollBack(id, first, null);

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode made = json(response);
        assertThat(made.path("id").asString()).matches(Actions.UUID).isNotEqualTo(first);
        assertThat(made.path("number").asInt()).isEqualTo(3);
        assertThat(made.path("code").asString()).isEqualTo(Actions.CODE);
        assertThat(each(made.path("secrets"), "name")).containsExactly("A");
        assertThat(made.path("deployed").asBoolean()).isFalse();
        assertThat(made.has("built_at")).isFalse();
        JsonNode action = actions.get(id);
        assertThat(action.path("code").asString()).isEqualTo("z");
        assertThat(action.path("deployed_version").path("id")).isEqualTo(made.path("id"));
        assertThat(action.path("deployed_version").path("code").asString()).isEqualTo(Actions.CODE);
        assertThat(action.path("all_changes_deployed").asBoolean()).isFalse();
        assertThat(each(actions.versions(id), "deployed")).containsExactly("true", "false", "false");
    }

    @Test
    void a_roll_back_updates_the_draft_if_it_is_told_to() {
        String id = actions.create("a", Map.of("secrets", List.of(Map.of("name", "A", "value", "1"))));
        String first = actions.deploy(id).path("id").asString();
        actions.patch(id, Map.of("code", Actions.OTHER_CODE, "secrets", List.of()));
        actions.deploy(id);

        for (Object body : List.of("null", "{}", Map.of("update_draft", false))) {
            assertThat(actions.rollBack(id, first, body).statusCode()).isEqualTo(200);
            assertThat(actions.get(id).path("code").asString()).isEqualTo(Actions.OTHER_CODE);
        }
        assertThat(actions.rollBack(id, first, Map.of("update_draft", true)).statusCode())
                .isEqualTo(200);

        JsonNode action = actions.get(id);
        assertThat(action.path("code").asString()).isEqualTo(Actions.CODE);
        assertThat(each(action.path("secrets"), "name")).containsExactly("A");
        assertThat(action.path("all_changes_deployed").asBoolean()).isTrue();
        for (Object body : List.of("[]", "{\"update_draft\":1}", "{\"x\":1}", "{", "true")) {
            assertThat(actions.rollBack(id, first, body).statusCode()).isEqualTo(400);
        }
        assertThat(actions.versions(id)).hasSize(6);
    }

    @Test
    void fifty_versions_are_kept_and_there_is_no_way_back_beyond() {
        String id = actions.create("a", Map.of());
        String first = actions.deploy(id).path("id").asString();
        String second = actions.deploy(id).path("id").asString();
        for (int i = 0; i < 49; i++) {
            actions.deploy(id);
        }

        assertThat(server.managed("GET", "actions/actions/" + id + "/versions", null)
                        .path("total")
                        .asInt())
                .isEqualTo(50);
        assertRefused(actions.rollBack(id, first, null), 404, "That action version does not exist.", "");
        assertThat(json(actions.rollBack(id, second, null)).path("number").asInt())
                .isEqualTo(52);
        assertThat(actions.versions(id)).hasSize(50);
    }

    @Test
    void terraform_finds_what_it_waits_for() {
        JsonNode made = server.managed(
                "POST",
                "actions/actions",
                Map.of(
                        "name",
                        "Test Action",
                        "supported_triggers",
                        Actions.TRIGGERS,
                        "code",
                        Actions.CODE,
                        "dependencies",
                        List.of(),
                        "runtime",
                        "node18-actions",
                        "secrets",
                        List.of(Map.of("name", "foo", "value", "111111"))));
        String id = made.path("id").asString();
        assertThat(actions.get(id).path("status").asString()).isEqualTo("built");
        String version = server.managed("POST", "actions/actions/" + id + "/deploy", "null")
                .path("id")
                .asString();
        assertThat(actions.get(id).path("deployed_version").path("deployed").asBoolean())
                .isTrue();
        assertThat(actions.get(id).path("deployed_version").path("id").asString())
                .isEqualTo(version);

        assertThat(each(actions.get(id).path("secrets"), "name")).containsExactly("foo");
        actions.patch(
                id,
                Map.of(
                        "name",
                        "Test Action",
                        "supported_triggers",
                        Actions.TRIGGERS,
                        "code",
                        Actions.OTHER_CODE,
                        "dependencies",
                        List.of(Map.of("name", "one", "version", "1.0.0")),
                        "runtime",
                        "node18-actions",
                        "secrets",
                        List.of(Map.of("name", "foo", "value", "123456"), Map.of("name", "bar", "value", "654321"))));
        assertThat(actions.get(id).path("status").asString()).isEqualTo("built");
        actions.deploy(id);
        JsonNode read = actions.get(id);
        assertThat(read.path("deployed_version").path("number").asInt()).isEqualTo(2);
        assertThat(each(read.path("deployed_version").path("secrets"), "name")).containsExactly("foo", "bar");
        assertThat(each(
                        server.managed("GET", "actions/actions?actionName=Test+Action&per_page=50", null)
                                .path("actions"),
                        "id"))
                .containsExactly(id);
        assertThat(server.manage("DELETE", "actions/actions/" + id, null).statusCode())
                .isEqualTo(204);
        assertThat(server.manage("GET", "actions/actions/" + id, null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void deploy_cli_imports_exports_and_imports_again() {
        server.managed("GET", "actions/modules?page=0&per_page=100", null);
        assertThat(server.managed("GET", "actions/actions?page=0&per_page=100", null)
                        .path("actions"))
                .isEmpty();
        Map<String, Object> action = Map.of(
                "name",
                "Add claim",
                "code",
                Actions.CODE,
                "runtime",
                "node22",
                "dependencies",
                List.of(Map.of("name", "one", "version", "1.0.0")),
                "secrets",
                List.of(Map.of("name", "KEY", "value", "1")),
                "supported_triggers",
                Actions.TRIGGERS);
        server.managed("POST", "actions/actions", action);
        JsonNode listed = server.managed("GET", "actions/actions?page=0&per_page=100", null);
        assertThat(listed.path("total").asInt()).isEqualTo(1);
        String id = listed.path("actions").path(0).path("id").asString();
        actions.deploy(id);
        for (JsonNode trigger : server.managed("GET", "actions/triggers", null).path("triggers")) {
            assertThat(server.managed(
                                    "GET",
                                    "actions/triggers/" + trigger.path("id").asString()
                                            + "/bindings?page=0&per_page=50",
                                    null)
                            .path("bindings"))
                    .isEmpty();
        }
        server.managed(
                "PATCH",
                "actions/triggers/credentials-exchange/bindings",
                Map.of(
                        "bindings",
                        List.of(Map.of(
                                "ref",
                                Map.of("type", "action_name", "value", "Add claim"),
                                "display_name",
                                "Add claim"))));

        JsonNode exported = actions.get(id);
        Map<String, Object> again = new HashMap<>(action);
        again.put("secrets", List.of(Map.of("name", "KEY", "value", "_VALUE_NOT_SHOWN_")));
        server.managed("PATCH", "actions/actions/" + id, again);
        assertThat(actions.get(id)).isEqualTo(exported);
        assertThat(exported.path("all_changes_deployed").asBoolean()).isTrue();
        server.managed("DELETE", "actions/actions/" + id + "?force=true", null);
        assertThat(actions.bindings()).isEmpty();
    }
}
