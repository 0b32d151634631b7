package dev.jeton.action;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ActionRoutesTest {
    private static final String UNKNOWN = "3f6c1d2e-8b7a-4c55-9e10-7a2b4d6f8c01";
    private static final String NO_ACTION = "That action does not exist.";

    private static TestServer server;
    private static Actions actions;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        actions = new Actions(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void deleteActions() {
        actions.deleteAll();
    }

    @Test
    void an_action_is_created_as_auth0_answers_it_except_that_it_is_built_at_once() {
        HttpResponse<String> response =
                actions.post("Add claim", Map.of("secrets", List.of(Map.of("name", "foo", "value", "111111"))));

        assertThat(response.statusCode()).isEqualTo(201);
        String id = json(response).path("id").asString();
        assertThat(id).matches(Actions.UUID);
        assertThat(response.body())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"Add claim\",\"supported_triggers\":"
                        + "[{\"id\":\"credentials-exchange\",\"version\":\"v2\"}],\"created_at\":" + actions.now()
                        + ",\"updated_at\":" + actions.now() + ",\"code\":\"" + Actions.CODE
                        + "\",\"dependencies\":[],\"runtime\":\"node22\",\"status\":\"built\",\"secrets\":"
                        + "[{\"name\":\"foo\",\"updated_at\":" + actions.now() + "}],\"all_changes_deployed\":false}");
        assertThat(actions.get(id)).isEqualTo(json(response));
    }

    @Test
    void times_have_nine_digits_behind_the_point() {
        server.clock().advance(Duration.ofMillis(7));

        assertThat(actions.get(actions.create("a", Map.of())).path("created_at").asString())
                .matches("2026-11-23T12:\\d\\d:\\d\\d\\.\\d{3}000000Z");
    }

    @Test
    void what_must_be_there_is_asked_for_by_its_name() {
        for (String field : List.of("name", "supported_triggers")) {
            Map<String, Object> body = Actions.body("a", Map.of());
            body.remove(field);

            assertRefused(
                    server.manage("POST", "actions/actions", body),
                    400,
                    "Payload validation error: 'Missing required property: " + field + "'.",
                    "invalid_body");
        }
        assertRefused(
                actions.post("a", Map.of("supported_triggers", List.of(Map.of("version", "v2")))),
                400,
                "Payload validation error: 'Missing required property: id' on property supported_triggers[0].",
                "invalid_body");
    }

    @Test
    void what_need_not_be_there_has_a_default() {
        JsonNode made = server.managed(
                "POST",
                "actions/actions",
                Map.of("name", "a", "supported_triggers", List.of(Map.of("id", "credentials-exchange"))));

        assertThat(made.path("code").asString()).isEqualTo(Actions.CODE);
        assertThat(made.path("runtime").asString()).isEqualTo("node22");
        assertThat(made.path("supported_triggers").toString())
                .isEqualTo("[{\"id\":\"credentials-exchange\",\"version\":\"v2\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"post-login", "pre-user-registration", "event-stream", "", "Credentials-Exchange"})
    void another_trigger_is_refused_and_the_one_there_is_is_named(String trigger) {
        assertRefused(
                actions.post("a", Map.of("supported_triggers", List.of(Map.of("id", trigger, "version", "v2")))),
                400,
                "Payload validation error: 'No enum match for: " + trigger
                        + "; there are Actions for credentials-exchange only' on property supported_triggers[0].id.",
                "invalid_body");
    }

    @Test
    void an_action_has_one_trigger_of_a_version_that_there_is() {
        Map<String, String> trigger = Map.of("id", "credentials-exchange", "version", "v1");

        assertThat(message(actions.post("a", Map.of("supported_triggers", List.of(trigger, trigger)))))
                .isEqualTo("Payload validation error: 'Array is too long (2), maximum 1' on property"
                        + " supported_triggers.");
        assertThat(message(actions.post("a", Map.of("supported_triggers", List.of()))))
                .isEqualTo("Payload validation error: 'Array is too short (0), minimum 1' on property"
                        + " supported_triggers.");
        assertThat(message(actions.post(
                        "a",
                        Map.of("supported_triggers", List.of(Map.of("id", "credentials-exchange", "version", "v3"))))))
                .isEqualTo("Payload validation error: 'No enum match for: v3; there are v1 and v2' on property"
                        + " supported_triggers[0].version.");
        String id = actions.create("a", Map.of("supported_triggers", List.of(trigger)));
        assertThat(each(actions.get(id).path("supported_triggers"), "version")).containsExactly("v1");
        actions.patch(id, Map.of("supported_triggers", Actions.TRIGGERS));
        assertThat(each(actions.get(id).path("supported_triggers"), "version")).containsExactly("v2");
    }

    @Test
    void a_trigger_may_be_sent_as_the_list_of_triggers_has_it() {
        JsonNode trigger =
                server.managed("GET", "actions/triggers", null).path("triggers").path(0);

        String id = actions.create("a", Map.of("supported_triggers", List.of(trigger)));

        assertThat(actions.get(id).path("supported_triggers").toString())
                .isEqualTo("[{\"id\":\"credentials-exchange\",\"version\":\"v2\"}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name|'<b>'|String does not match pattern|name",
                "name|''|String is too short (0 chars), minimum 1|name",
                "name|null|Expected type string but found type null|name",
                "code|5|Expected type string but found type integer|code",
                "code|null|Expected type string but found type null|code",
                "runtime|'python3'|String does not match pattern|runtime",
                "runtime|22|Expected type string but found type integer|runtime",
                "supported_triggers|{}|Expected type array but found type object|supported_triggers",
                "supported_triggers|['credentials-exchange']|Expected type object but found|supported_triggers[0]",
                "supported_triggers|[{'id':5}]|Expected type string|supported_triggers[0].id",
                "supported_triggers|[{'id':'credentials-exchange','version':2}]|Expected type string|"
                        + "supported_triggers[0].version",
                "supported_triggers|[{'id':'credentials-exchange','x':2}]|Additional properties not allowed: x|"
                        + "supported_triggers[0]",
                "supported_triggers|[{'id':'credentials-exchange','runtimes':2}]|Expected type array|"
                        + "supported_triggers[0].runtimes",
                "dependencies|{'one':'1.0.0'}|Expected type array but found type object|dependencies",
                "dependencies|['one']|Expected type object but found type string|dependencies[0]",
                "dependencies|[{}]|Missing required property: name|dependencies[0]",
                "dependencies|[{'name':'../x'}]|../x is not the name of an npm package|dependencies[0].name",
                "dependencies|[{'name':'one','version':1}]|Expected type string|dependencies[0].version",
                "dependencies|[{'name':'one','version':null}]|Expected type string|dependencies[0].version",
                "dependencies|[{'name':'one','x':1}]|Additional properties not allowed: x|dependencies[0]",
                "dependencies|[{'name':'one'},{'name':'one'}]|Array items are not unique (indexes 0 and 1)|dependencies",
                "secrets|{'A':'x'}|Expected type array but found type object|secrets",
                "secrets|[null]|Expected type object but found type null|secrets[0]",
                "secrets|[{'value':'x'}]|Missing required property: name|secrets[0]",
                "secrets|[{'name':'','value':'x'}]|String is too short (0 chars), minimum 1|secrets[0].name",
                "secrets|[{'name':'A','value':5}]|Expected type string|secrets[0].value",
                "secrets|[{'name':'A','value':null}]|Expected type string but found type null|secrets[0].value",
                "secrets|[{'name':'A','value':'1'},{'name':'A','value':'2'}]|Array items are not unique|secrets",
                "secrets|[{'name':'A','value':'1','x':1}]|Additional properties not allowed: x|secrets[0]",
                "modules|[{'module_id':'x'}]|There are no modules here|modules",
                "modules|5|Expected type array but found type integer|modules",
            })
    void what_does_not_fit_is_refused_with_the_field_named(String field, String value, String detail, String path) {
        String id = actions.create("a", Map.of());
        JsonNode before = actions.get(id);
        String sent = "\"" + field + "\":" + value.replace('\'', '"');

        for (HttpResponse<String> response : List.of(
                server.manage("PATCH", "actions/actions/" + id, "{" + sent + "}"),
                server.manage(
                        "POST",
                        "actions/actions",
                        field.equals("name") || field.equals("supported_triggers")
                                ? "{" + sent + ","
                                        + (field.equals("name")
                                                ? "\"supported_triggers\":[{\"id\":\"credentials-exchange\"}]}"
                                                : "\"name\":\"b\"}")
                                : "{\"name\":\"b\",\"supported_triggers\":[{\"id\":\"credentials-exchange\"}]," + sent
                                        + "}"))) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(message(response))
                    .startsWith("Payload validation error: '" + detail)
                    .endsWith("' on property " + path + ".");
        }
        assertThat(actions.get(id)).isEqualTo(before);
        assertThat(server.managed("GET", "actions/actions", null).path("total").asInt())
                .isEqualTo(1);
    }

    @Test
    void unknown_fields_are_refused_and_deploy_is_one_of_a_change() {
        String id = actions.create("a", Map.of("modules", List.of()));

        for (String field : List.of("script", "status", "id", "all_changes_deployed")) {
            assertRefused(
                    actions.post("b", Map.of(field, "x")),
                    400,
                    "Payload validation error: 'Additional properties not allowed: " + field + "'.",
                    "invalid_body");
        }
        assertRefused(
                actions.patch(id, Map.of("deploy", true)),
                400,
                "Payload validation error: 'Additional properties not allowed: deploy'.",
                "invalid_body");
        assertThat(message(actions.post("b", Map.of("deploy", "yes"))))
                .isEqualTo(
                        "Payload validation error: 'Expected type boolean but found type string' on property deploy.");
    }

    @Test
    void code_may_be_as_long_as_100_kb_and_is_refused_beyond() {
        assertThat(actions.post("a", Map.of("code", "ü".repeat(50_000))).statusCode())
                .isEqualTo(201);

        assertRefused(
                actions.post("b", Map.of("code", "ü".repeat(50_001))),
                400,
                "Payload validation error: 'String is too long (100002 bytes), maximum 100000' on property code.",
                "invalid_body");
    }

    @Test
    void a_change_keeps_what_it_does_not_name() {
        String id = actions.create(
                "a", Map.of("secrets", List.of(Map.of("name", "foo", "value", "1")), "runtime", "node18"));
        String made = actions.now();
        server.clock().advance(Duration.ofSeconds(1));

        HttpResponse<String> response = actions.patch(id, Map.of("name", "b"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"b\",\"supported_triggers\":"
                        + "[{\"id\":\"credentials-exchange\",\"version\":\"v2\"}],\"created_at\":" + made
                        + ",\"updated_at\":" + actions.now() + ",\"code\":\"" + Actions.CODE
                        + "\",\"dependencies\":[],\"runtime\":\"node18\",\"status\":\"built\",\"secrets\":"
                        + "[{\"name\":\"foo\",\"updated_at\":" + made + "}],\"all_changes_deployed\":false}");
        assertThat(server.managed("PATCH", "actions/actions/" + id, Map.of("code", "y", "runtime", "node18-actions")))
                .isEqualTo(actions.get(id));
        assertThat(actions.get(id).path("code").asString()).isEqualTo("y");
        assertThat(actions.get(id).path("runtime").asString()).isEqualTo("node18-actions");
        assertThat(actions.patch(id, Map.of()).statusCode()).isEqualTo(200);
        assertThat(actions.get(id).path("name").asString()).isEqualTo("b");
    }

    @Test
    void a_name_is_used_once() {
        actions.create("a", Map.of());
        String other = actions.create("b", Map.of());

        assertRefused(actions.post("a", Map.of()), 409, "An action with the same name already exists: a", "");
        assertRefused(
                actions.patch(other, Map.of("name", "a")), 409, "An action with the same name already exists: a", "");
        assertThat(actions.patch(other, Map.of("name", "b", "code", "y")).statusCode())
                .isEqualTo(200);
        assertThat(actions.post("A", Map.of()).statusCode()).isEqualTo(201);
    }

    @Test
    void there_are_at_most_a_hundred_actions() {
        List<String> ids = IntStream.range(0, 100)
                .mapToObj(i -> actions.create("n" + i, Map.of()))
                .toList();

        assertRefused(
                actions.post("one more", Map.of()),
                400,
                "There are 100 actions, as many as there can be: delete one that is not needed",
                "");
        assertThat(actions.patch(ids.getFirst(), Map.of("name", "renamed")).statusCode())
                .isEqualTo(200);
        server.managed("DELETE", "actions/actions/" + ids.getLast(), null);
        assertThat(actions.post("one more", Map.of()).statusCode()).isEqualTo(201);
    }

    @Test
    void a_deleted_action_is_gone_and_deleting_it_again_says_so() {
        String id = actions.create("a", Map.of("deploy", true));

        HttpResponse<String> response = server.manage("DELETE", "actions/actions/" + id, null);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertRefused(server.manage("DELETE", "actions/actions/" + id, null), 404, NO_ACTION, "");
        assertRefused(server.manage("DELETE", "actions/actions/" + id + "?force=true", null), 404, NO_ACTION, "");
        assertThat(actions.post("a", Map.of()).statusCode()).isEqualTo(201);
    }

    @Test
    void a_bound_action_is_deleted_only_by_force_which_unbinds_it() {
        String first = actions.create("a", Map.of("deploy", true));
        String second = actions.create("b", Map.of("deploy", true));
        actions.bind(first, second);

        for (String query : List.of("", "?force=false")) {
            assertRefused(
                    server.manage("DELETE", "actions/actions/" + first + query, null),
                    409,
                    "Unable to delete an action bound to a trigger. Unbind it first, or delete it with force=true",
                    "");
        }
        assertRefused(
                server.manage("DELETE", "actions/actions/" + first + "?force=yes", null),
                400,
                "Query validation error: 'Expected type boolean but found type string' on property force.",
                "invalid_query_string");
        assertThat(actions.bindings()).hasSize(2);

        assertThat(server.manage("DELETE", "actions/actions/" + first + "?force=true", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(actions.bindings()).hasSize(1);
        assertThat(actions.bindings().path(0).path("action").path("id").asString())
                .isEqualTo(second);
        actions.bind();
        assertThat(server.manage("DELETE", "actions/actions/" + second, null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void an_unknown_action_does_not_exist() {
        String other = actions.create("a", Map.of("deploy", true));
        String version = actions.get(other).path("deployed_version").path("id").asString();
        for (String id : List.of(UNKNOWN, "x".repeat(2_000), "%27%20or%201=1--", other.toUpperCase(Locale.ROOT))) {
            String path = "actions/actions/" + id;
            for (HttpResponse<String> response : List.of(
                    server.manage("GET", path, null),
                    actions.patch(id, Map.of("name", "b")),
                    server.manage("DELETE", path, null),
                    server.manage("POST", path + "/deploy", null),
                    server.manage("GET", path + "/versions", null),
                    server.manage("GET", path + "/versions/" + version, null),
                    actions.rollBack(id, version, null))) {
                assertRefused(response, 404, NO_ACTION, "");
            }
        }
        for (String id : List.of(UNKNOWN, "x".repeat(2_000), "%27")) {
            assertRefused(
                    server.manage("GET", "actions/actions/" + other + "/versions/" + id, null),
                    404,
                    "That action version does not exist.",
                    "");
            assertRefused(actions.rollBack(other, id, null), 404, "That action version does not exist.", "");
        }
    }

    @Test
    void lists_are_objects_with_zeros_left_out() {
        assertThat(server.managed("GET", "actions/actions", null).toString())
                .isEqualTo("{\"actions\":[],\"per_page\":50}");
        String first = actions.create("first", Map.of());
        server.clock().advance(Duration.ofMillis(5));
        String second = actions.create("second", Map.of("deploy", true));

        JsonNode list = server.managed("GET", "actions/actions?page=0&per_page=100", null);
        assertThat(list.path("actions").path(0)).isEqualTo(actions.get(first));
        assertThat(list.path("actions").path(1)).isEqualTo(actions.get(second));
        assertThat(list.asObject().without("actions").toString()).isEqualTo("{\"total\":2,\"per_page\":100}");
        JsonNode page = server.managed("GET", "actions/actions?page=1&per_page=1", null);
        assertThat(each(page.path("actions"), "id")).containsExactly(second);
        assertThat(page.asObject().without("actions").toString()).isEqualTo("{\"total\":2,\"page\":1,\"per_page\":1}");
        assertThat(server.managed("GET", "actions/actions?page=2&per_page=2", null)
                        .toString())
                .isEqualTo("{\"actions\":[],\"total\":2,\"page\":2,\"per_page\":2}");
    }

    @Test
    void lists_are_filtered() {
        String first = actions.create("Test Action (1)", Map.of());
        server.clock().advance(Duration.ofMillis(5));
        String second = actions.create("second", Map.of("deploy", true));

        assertThat(found("actionName=Test+Action+%281%29&per_page=50")).containsExactly(first);
        assertThat(found("actionName=Test")).isEmpty();
        assertThat(found("deployed=true")).containsExactly(second);
        assertThat(found("deployed=false")).containsExactly(first);
        assertThat(found("triggerId=credentials-exchange&deployed=true")).containsExactly(second);
        assertThat(found("triggerId=post-login")).isEmpty();
        assertThat(found("installed=false")).containsExactly(first, second);
        assertThat(server.managed("GET", "actions/actions?installed=true", null).toString())
                .isEqualTo("{\"actions\":[],\"per_page\":50}");
        assertThat(found("triggerId=&actionName=&unknown=x")).containsExactly(first, second);
    }

    private static List<String> found(String query) {
        JsonNode list = server.managed("GET", "actions/actions?" + query, null);
        assertThat(list.path("total").asInt(0)).isEqualTo(list.path("actions").size());
        return each(list.path("actions"), "id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include_totals=true|Additional properties not allowed: include_totals'.",
                "include_totals=false|Additional properties not allowed: include_totals'.",
                "page=-1|Value -1 is less than minimum 0' on property page.",
                "page=x|Expected type integer but found type string' on property page.",
                "per_page=0|Value 0 is less than minimum 1' on property per_page.",
                "per_page=101|Value 101 is greater than maximum 100' on property per_page.",
                "deployed=yes|Expected type boolean but found type string' on property deployed.",
                "installed=1|Expected type boolean but found type string' on property installed.",
            })
    void a_query_that_does_not_fit_is_refused(String query, String detail) {
        assertRefused(
                server.manage("GET", "actions/actions?" + query, null),
                400,
                "Query validation error: '" + detail,
                "invalid_query_string");
    }

    @Test
    void there_are_no_modules() {
        assertThat(server.managed("GET", "actions/modules?page=0&per_page=100", null)
                        .toString())
                .isEqualTo("{\"modules\":[],\"total\":0,\"page\":0,\"per_page\":100}");
    }

    @Test
    void secrets_are_shown_without_their_values_in_the_order_in_which_they_were_sent() {
        String id = actions.create(
                "a",
                Map.of("secrets", List.of(Map.of("name", "foo", "value", "1"), Map.of("name", "bar", "value", "2"))));
        String made = actions.now();
        server.clock().advance(Duration.ofSeconds(1));

        JsonNode changed = json(actions.patch(
                id,
                Map.of(
                        "secrets",
                        List.of(
                                Map.of("name", "new", "value", ""),
                                Map.of("name", "bar", "value", "3"),
                                Map.of("name", "foo", "updated_at", "2026-11-23T12:00:00.000000000Z")))));

        assertThat(changed.path("secrets").toString())
                .isEqualTo("[{\"name\":\"new\",\"updated_at\":" + actions.now() + "},{\"name\":\"bar\",\"updated_at\":"
                        + actions.now() + "},{\"name\":\"foo\",\"updated_at\":" + made + "}]");
        assertThat(each(
                        json(actions.patch(id, Map.of("secrets", List.of(Map.of("name", "foo")))))
                                .path("secrets"),
                        "name"))
                .containsExactly("foo");
        assertThat(json(actions.patch(id, Map.of("code", "y"))).path("secrets")).hasSize(1);
        assertThat(json(actions.patch(id, Map.of("secrets", List.of()))).path("secrets"))
                .isEmpty();
    }

    @Test
    void a_secret_that_is_not_there_yet_needs_a_value() {
        String id = actions.create("a", Map.of("secrets", List.of(Map.of("name", "old", "value", "1"))));
        String refusal =
                "Payload validation error: 'A secret that is not there yet needs a value' on property secrets[";

        assertThat(message(actions.post("b", Map.of("secrets", List.of(Map.of("name", "new"))))))
                .isEqualTo(refusal + "0].value.");
        assertThat(message(actions.patch(id, Map.of("secrets", List.of(Map.of("name", "old"), Map.of("name", "new"))))))
                .isEqualTo(refusal + "1].value.");
        assertThat(message(actions.patch(
                        id, Map.of("secrets", List.of(Map.of("name", "new", "value", "_VALUE_NOT_SHOWN_"))))))
                .isEqualTo(refusal + "0].value.");
        assertThat(actions.patch(id, Map.of("secrets", List.of(Map.of("name", "old", "value", "_VALUE_NOT_SHOWN_"))))
                        .statusCode())
                .isEqualTo(200);
        assertThat(each(actions.get(id).path("secrets"), "name")).containsExactly("old");
    }

    @Test
    void an_action_has_at_most_thirty_secrets_of_bounded_length() {
        List<Map<String, String>> secrets = new ArrayList<>(IntStream.range(0, 29)
                .mapToObj(i -> Map.of("name", "S" + i, "value", "x"))
                .toList());
        secrets.add(Map.of("name", "n".repeat(128), "value", "v".repeat(4_096)));
        assertThat(actions.post("a", Map.of("secrets", secrets)).statusCode()).isEqualTo(201);

        secrets.add(Map.of("name", "more", "value", "x"));
        assertThat(message(actions.post("b", Map.of("secrets", secrets))))
                .isEqualTo("Payload validation error: 'Array is too long (31), maximum 30' on property secrets.");
        assertThat(message(actions.post(
                        "b", Map.of("secrets", List.of(Map.of("name", "n".repeat(129), "value", "x"))))))
                .isEqualTo("Payload validation error: 'String is too long (129 chars), maximum 128' on property"
                        + " secrets[0].name.");
        assertThat(message(actions.post(
                        "b", Map.of("secrets", List.of(Map.of("name", "n", "value", "v".repeat(4_097)))))))
                .isEqualTo("Payload validation error: 'String is too long (4097 chars), maximum 4096' on property"
                        + " secrets[0].value.");
    }

    @Test
    void every_route_needs_its_scope() {
        String id = actions.create("a", Map.of("deploy", true));
        String one = "actions/actions/" + id;
        String version = actions.get(id).path("deployed_version").path("id").asString();
        Map<String, String> routes = new HashMap<>();
        routes.put("GET actions/actions", "read:actions");
        routes.put("POST actions/actions", "create:actions");
        routes.put("GET " + one, "read:actions");
        routes.put("PATCH " + one, "update:actions");
        routes.put("DELETE " + one, "delete:actions");
        routes.put("POST " + one + "/deploy", "create:actions");
        routes.put("GET " + one + "/versions", "read:actions");
        routes.put("GET " + one + "/versions/" + version, "read:actions");
        routes.put("POST " + one + "/versions/" + version + "/deploy", "create:actions");
        routes.put("GET actions/modules", "read:actions");
        routes.put("GET actions/triggers", "read:actions");
        routes.put("GET actions/triggers/credentials-exchange/bindings", "read:actions");
        routes.put("PATCH actions/triggers/credentials-exchange/bindings", "update:actions");
        List<String> all = List.of(
                "read:actions",
                "create:actions",
                "update:actions",
                "delete:actions",
                "read:triggers",
                "update:triggers");
        routes.forEach((route, scope) -> {
            List<String> others = new ArrayList<>(all);
            others.remove(scope);
            String[] parts = route.split(" ", 2);

            assertRefused(
                    Operator.with(server, others.toArray(String[]::new)).call(parts[0], parts[1], Map.of("x", "y")),
                    403,
                    "Insufficient scope, expected any of: " + scope,
                    "insufficient_scope");
            assertThat(server.exchange(server.request("api/v2/" + parts[1]).method(parts[0], BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(401);
        });
    }

    @Test
    void records_name_what_was_done_without_code_and_secrets() {
        String id = actions.create(
                "audited",
                Map.of(
                        "code",
                        Actions.CODE + "// the hidden code",
                        "deploy",
                        true,
                        "secrets",
                        List.of(Map.of("name", "KEY", "value", "the hidden value"))));
        actions.patch(
                id,
                Map.of(
                        "code",
                        Actions.CODE + "// the hidden code 2",
                        "secrets",
                        List.of(
                                Map.of("name", "KEY", "value", "the hidden value 2"),
                                Map.of("name", "B", "value", "x"))));
        String version = actions.deploy(id).path("id").asString();
        actions.rollBack(id, version, Map.of("update_draft", true));
        actions.bind(id);
        server.managed("DELETE", "actions/actions/" + id + "?force=true", null);

        JsonNode logs = server.managed("GET", "logs?per_page=6", null);

        assertThat(each(logs, "description"))
                .containsExactly(
                        "Delete an action",
                        "Update trigger bindings",
                        "Roll back to a previous action version",
                        "Deploy an action",
                        "Update an action",
                        "Create an action");
        assertThat(logs.toString()).doesNotContain("hidden").contains("KEY");
        assertThat(request(logs, 4))
                .isEqualTo(json("{\"code\":\"*****\",\"secrets\":[{\"name\":\"KEY\",\"value\":\"*****\"},"
                        + "{\"name\":\"B\",\"value\":\"*****\"}]}"));
        assertThat(request(logs, 2)).isEqualTo(json("{\"update_draft\":true}"));
        assertThat(request(logs, 1)
                        .path("bindings")
                        .path(0)
                        .path("ref")
                        .path("value")
                        .asString())
                .isEqualTo(id);
    }

    private static JsonNode request(JsonNode logs, int event) {
        return logs.path(event).path("details").path("request").path("body");
    }

    @Test
    void no_file_holds_a_secret_in_the_clear() throws IOException {
        String id = actions.create(
                "at rest",
                Map.of(
                        "deploy",
                        true,
                        "secrets",
                        List.of(Map.of("name", "AT_REST", "value", "a value no file holds"))));
        actions.patch(id, Map.of("secrets", List.of(Map.of("name", "AT_REST", "value", "another no file holds"))));
        actions.rollBack(id, actions.deploy(id).path("id").asString(), Map.of("update_draft", true));

        List<String> files = contents(server.folder());

        assertThat(files).as("what is public is there").anyMatch(file -> file.contains("AT_REST"));
        assertThat(files).noneMatch(file -> file.contains("no file holds"));
    }

    private static List<String> contents(Path folder) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
