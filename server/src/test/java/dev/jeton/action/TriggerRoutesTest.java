package dev.jeton.action;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TriggerRoutesTest {
    private static final String BINDINGS = "actions/triggers/credentials-exchange/bindings";
    private static final String CODE = "exports.onExecuteCredentialsExchange = async (event, api) => {};";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void deleteActions() {
        server.managed("PATCH", BINDINGS, Map.of("bindings", List.of()));
        each(server.managed("GET", "actions/actions?per_page=100", null).path("actions"), "id")
                .forEach(id -> server.managed("DELETE", "actions/actions/" + id, null));
    }

    private static String create(String name, boolean deploy) {
        return server.managed(
                        "POST",
                        "actions/actions",
                        Map.of(
                                "name",
                                name,
                                "code",
                                CODE,
                                "supported_triggers",
                                List.of(Map.of("id", "credentials-exchange", "version", "v2")),
                                "deploy",
                                deploy))
                .path("id")
                .asString();
    }

    private static Map<String, Object> ref(String type, String value) {
        return Map.of("ref", Map.of("type", type, "value", value));
    }

    private static Map<String, Object> ref(String type, String value, Map<String, ?> more) {
        Map<String, Object> item = new HashMap<>(more);
        item.putAll(ref(type, value));
        return item;
    }

    private static HttpResponse<String> bind(Object... items) {
        return server.manage("PATCH", BINDINGS, Map.of("bindings", List.of(items)));
    }

    private static JsonNode bound(Object... items) {
        return server.managed("PATCH", BINDINGS, Map.of("bindings", List.of(items)))
                .path("bindings");
    }

    private static JsonNode bindings() {
        return server.managed("GET", BINDINGS, null).path("bindings");
    }

    private static List<String> names(JsonNode bindings) {
        List<String> names = new ArrayList<>();
        bindings.forEach(
                binding -> names.add(binding.path("action").path("name").asString()));
        return names;
    }

    @Test
    void the_trigger_is_listed_as_recorded_and_those_of_users_are_not() {
        JsonNode triggers = server.managed("GET", "actions/triggers", null).path("triggers");

        assertThat(triggers.path(0).toString())
                .isEqualTo("{\"id\":\"credentials-exchange\",\"version\":\"v2\",\"status\":\"CURRENT\",\"runtimes\":"
                        + "[\"node18-actions\",\"node22\"],\"default_runtime\":\"node22\",\"binding_policy\":"
                        + "\"trigger-bound\",\"compatible_triggers\":[]}");
        assertThat(triggers.path(1).toString())
                .isEqualTo("{\"id\":\"credentials-exchange\",\"version\":\"v1\",\"status\":\"DEPRECATED\",\"runtimes\":"
                        + "[\"node22\"],\"default_runtime\":\"node12\",\"binding_policy\":\"trigger-bound\","
                        + "\"compatible_triggers\":[]}");
        // Tools ask for the bindings of each that is listed.
        assertThat(triggers).hasSize(2);
    }

    @Test
    void a_binding_is_answered_as_auth0_answers_it() {
        String id = create("Add claim", true);
        JsonNode version = server.managed("GET", "actions/actions/" + id, null);
        String made = version.path("created_at").toString();
        server.clock().advance(Duration.ofSeconds(1));

        HttpResponse<String> response =
                bind(ref("action_name", "Add claim", Map.of("display_name", "My binding", "secrets", List.of())));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode binding = json(response).path("bindings").path(0);
        assertThat(binding.path("id").asString())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        String now = binding.path("created_at").toString();
        assertThat(now).matches("\"2026-11-23T12:00:\\d\\d\\.\\d{3}000000Z\"").isNotEqualTo(made);
        String expected = "{\"id\":" + binding.path("id") + ",\"trigger_id\":\"credentials-exchange\",\"action\":"
                + "{\"id\":\"" + id + "\",\"name\":\"Add claim\",\"supported_triggers\":"
                + "[{\"id\":\"credentials-exchange\",\"version\":\"v2\"}],\"created_at\":" + made + ",\"updated_at\":"
                + made + ",\"current_version\":" + version.path("current_version") + ",\"deployed_version\":"
                + version.path("deployed_version") + ",\"all_changes_deployed\":true},\"created_at\":" + now
                + ",\"updated_at\":" + now + ",\"display_name\":\"My binding\"}";
        assertThat(response.body()).isEqualTo("{\"bindings\":[" + expected + "]}");
        assertThat(server.managed("GET", BINDINGS + "?per_page=50", null).toString())
                .isEqualTo("{\"bindings\":[" + expected + "],\"total\":1,\"per_page\":50}");
        assertThat(bind().body()).isEqualTo("{\"bindings\":[]}");
        assertThat(server.managed("GET", BINDINGS + "?page=0&per_page=50", null).toString())
                .isEqualTo("{\"bindings\":[],\"per_page\":50}");
    }

    @Test
    void the_order_is_that_of_the_request_which_replaces_all() {
        for (String name : List.of("a", "b", "c")) {
            create(name, true);
        }

        assertThat(names(bound(ref("action_name", "b"), ref("action_name", "a"))))
                .containsExactly("b", "a");
        assertThat(names(bindings())).containsExactly("b", "a");
        bound(ref("action_name", "c"), ref("action_name", "a"), ref("action_name", "b"));
        assertThat(names(bindings())).containsExactly("c", "a", "b");
        JsonNode page = server.managed("GET", BINDINGS + "?page=1&per_page=2", null);
        assertThat(names(page.path("bindings"))).containsExactly("b");
        assertThat(page.asObject().without("bindings").toString()).isEqualTo("{\"total\":3,\"page\":1,\"per_page\":2}");
        bound(ref("action_name", "a"));
        assertThat(names(bindings())).containsExactly("a");
    }

    @Test
    void an_action_is_named_by_its_id_its_name_or_its_binding() {
        String a = create("a", true);
        create("b", true);
        JsonNode first = bound(ref("action_id", a, Map.of("display_name", "First")), ref("action_name", "b"));
        assertThat(each(first, "display_name")).containsExactly("First", "b");
        server.clock().advance(Duration.ofSeconds(1));

        JsonNode second = bound(
                ref("action_name", "b", Map.of("display_name", "")),
                ref("binding_id", first.path(0).path("id").asString()));

        assertThat(names(second)).containsExactly("b", "a");
        assertThat(each(second, "display_name")).containsExactly("b", "First");
        assertThat(second.path(1).path("id")).isEqualTo(first.path(0).path("id"));
        assertThat(second.path(1).path("created_at")).isEqualTo(first.path(0).path("created_at"));
        assertThat(second.path(1).path("updated_at")).isNotEqualTo(first.path(0).path("updated_at"));
        JsonNode renamed =
                bound(ref("binding_id", first.path(0).path("id").asString(), Map.of("display_name", "Renamed")));
        assertThat(each(renamed, "display_name")).containsExactly("Renamed");
    }

    @Test
    void only_what_is_deployed_can_be_bound() {
        create("a", true);
        String draft = create("never deployed", false);
        bound(ref("action_name", "a"));

        assertRefused(
                bind(ref("action_name", "a"), ref("action_id", draft)),
                400,
                "Trying to create a binding for an action that has not been deployed yet: never deployed",
                "");
        assertThat(names(bindings())).containsExactly("a");
        server.managed("POST", "actions/actions/" + draft + "/deploy", null);
        assertThat(names(bound(ref("action_name", "a"), ref("action_id", draft))))
                .containsExactly("a", "never deployed");
    }

    @Test
    void what_is_named_must_be_there_and_only_once() {
        String a = create("a", true);
        JsonNode binding = bound(ref("action_name", "a"));
        String place = "' on property bindings[0].ref.value.";

        assertRefused(
                bind(ref("action_name", "A")),
                400,
                "Payload validation error: 'There is no such action: A" + place,
                "invalid_body");
        assertRefused(
                bind(ref("action_id", "a")),
                400,
                "Payload validation error: 'There is no such action: a" + place,
                "invalid_body");
        assertRefused(
                bind(ref("binding_id", a)),
                400,
                "Payload validation error: 'There is no such binding: " + a + place,
                "invalid_body");
        for (String type : List.of("action_id", "binding_id")) {
            assertRefused(
                    bind(
                            ref("action_name", "a"),
                            ref(
                                    type,
                                    type.equals("action_id")
                                            ? a
                                            : binding.path(0).path("id").asString())),
                    400,
                    "Payload validation error: 'Array items are not unique (indexes 0 and 1)' on property bindings.",
                    "invalid_body");
        }
        assertThat(bindings()).isEqualTo(binding);
    }

    @Test
    void a_trigger_has_at_most_twenty_bindings() {
        List<Map<String, Object>> refs = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            create("n" + i, true);
            refs.add(ref("action_name", "n" + i));
        }

        assertThat(bind(refs.toArray()).statusCode()).isEqualTo(400);
        assertThat(message(bind(refs.toArray())))
                .isEqualTo("Payload validation error: 'Array is too long (21), maximum 20' on property bindings.");
        assertThat(names(bound(refs.subList(1, 21).toArray())))
                .isEqualTo(IntStream.range(1, 21).mapToObj(i -> "n" + i).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|Missing required property: bindings'.",
                "{'bindings':null}|Expected type array but found type null' on property bindings.",
                "{'bindings':{}}|Expected type array but found type object' on property bindings.",
                "{'bindings':[],'x':1}|Additional properties not allowed: x'.",
                "{'bindings':['a']}|Expected type object but found type string' on property bindings[0].",
                "{'bindings':[{}]}|Missing required property: ref' on property bindings[0].",
                "{'bindings':[{'ref':'a'}]}|Expected type object but found type string' on property bindings[0].ref.",
                "{'bindings':[{'ref':null}]}|Expected type object but found type null' on property bindings[0].ref.",
                "{'bindings':[{'ref':{}}]}|Missing required property: type' on property bindings[0].ref.",
                "{'bindings':[{'ref':{'type':'action_name'}}]}|Missing required property: value' on property"
                        + " bindings[0].ref.",
                "{'bindings':[{'ref':{'type':'x','value':'a'}}]}|No enum match for: x' on property"
                        + " bindings[0].ref.type.",
                "{'bindings':[{'ref':{'type':'action_name','value':5}}]}|Expected type string but found type integer'"
                        + " on property bindings[0].ref.value.",
                "{'bindings':[{'ref':{'type':'action_name','value':''}}]}|String is too short (0 chars), minimum 1'"
                        + " on property bindings[0].ref.value.",
                "{'bindings':[{'ref':{'type':'action_name','value':'a','x':1}}]}|Additional properties not allowed:"
                        + " x' on property bindings[0].ref.",
                "{'bindings':[{'ref':{'type':'action_name','value':'a'},'display_name':5}]}|Expected type string but"
                        + " found type integer' on property bindings[0].display_name.",
                "{'bindings':[{'ref':{'type':'action_name','value':'a'},'id':'x'}]}|Additional properties not allowed:"
                        + " id' on property bindings[0].",
                "{'bindings':[{'ref':{'type':'action_name','value':'a'},'secrets':[{'name':'A','value':'x'}]}]}|A"
                        + " binding has no secrets of its own; give them to the action' on property"
                        + " bindings[0].secrets.",
                "{'bindings':[{'ref':{'type':'action_name','value':'a'},'secrets':{}}]}|Expected type array but found"
                        + " type object' on property bindings[0].secrets.",
            })
    void what_does_not_fit_is_refused_with_the_field_named(String body, String detail) {
        create("a", true);
        JsonNode before = bound(ref("action_name", "a"));

        assertRefused(
                server.manage("PATCH", BINDINGS, body.replace('\'', '"')),
                400,
                "Payload validation error: '" + detail,
                "invalid_body");
        assertThat(bindings()).isEqualTo(before);
    }

    @Test
    void a_display_name_has_at_most_255_characters() {
        create("a", true);

        assertThat(bind(ref("action_name", "a", Map.of("display_name", "n".repeat(255))))
                        .statusCode())
                .isEqualTo(200);
        assertThat(message(bind(ref("action_name", "a", Map.of("display_name", "n".repeat(256))))))
                .isEqualTo("Payload validation error: 'String is too long (256 chars), maximum 255' on property"
                        + " bindings[0].display_name.");
    }

    @Test
    void a_new_version_of_what_is_bound_is_at_work_at_once() {
        String id = create("a", true);
        bound(ref("action_id", id));
        server.managed("PATCH", "actions/actions/" + id, Map.of("code", "// new\n" + CODE, "name", "renamed"));
        JsonNode before = bindings().path(0).path("action");
        assertThat(before.path("deployed_version").path("number").asInt()).isEqualTo(1);
        assertThat(before.path("all_changes_deployed").asBoolean()).isFalse();

        server.managed("POST", "actions/actions/" + id + "/deploy", null);

        JsonNode after = bindings().path(0).path("action");
        assertThat(after.path("name").asString()).isEqualTo("renamed");
        assertThat(after.path("deployed_version").path("number").asInt()).isEqualTo(2);
        assertThat(after.path("deployed_version").path("code").asString()).startsWith("// new");
        assertThat(after.path("all_changes_deployed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"post-login", "custom-phone-provider", "mcp-tool"})
    void nothing_is_ever_bound_to_a_trigger_of_users(String trigger) {
        create("a", true);
        JsonNode before = bound(ref("action_name", "a"));
        String path = "actions/triggers/" + trigger + "/bindings";

        assertThat(server.managed("GET", path + "?page=0&per_page=50", null).toString())
                .isEqualTo("{\"bindings\":[],\"per_page\":50}");
        assertThat(server.managed("PATCH", path, Map.of("bindings", List.of())).toString())
                .isEqualTo("{\"bindings\":[]}");
        assertRefused(
                server.manage("PATCH", path, Map.of("bindings", List.of(ref("action_name", "a")))),
                400,
                "Actions can be bound to credentials-exchange only, not to " + trigger,
                "");
        assertThat(bindings()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "Credentials-Exchange", "%27", "credentials-exchange%2F"})
    void an_unknown_trigger_does_not_exist(String trigger) {
        String path = "actions/triggers/" + trigger + "/bindings";

        assertRefused(server.manage("GET", path, null), 404, "That trigger does not exist.", "");
        assertRefused(
                server.manage("PATCH", path, Map.of("bindings", List.of())), 404, "That trigger does not exist.", "");
    }

    @Test
    void terraform_adds_and_takes_away_one_binding_among_others() {
        String first = create("Bar1", true);
        bound(ref("action_id", first, Map.of("display_name", "Bar1")));
        String id = create("Test Action", false);
        server.managed("POST", "actions/actions/" + id + "/deploy", null);
        JsonNode present = server.managed("GET", BINDINGS + "?page=0&per_page=100", null);
        assertThat(present.path("total").asInt()).isEqualTo(1);
        assertThat(server.managed("GET", BINDINGS + "?page=1&per_page=100", null)
                        .path("bindings"))
                .isEmpty();

        bound(
                ref("action_id", first, Map.of("display_name", "Bar1")),
                ref("action_id", id, Map.of("display_name", "Test Action")));
        assertThat(names(bindings())).containsExactly("Bar1", "Test Action");
        bound(ref("action_id", first, Map.of("display_name", "Bar1")));
        assertThat(server.manage("DELETE", "actions/actions/" + id, null).statusCode())
                .isEqualTo(204);
        bound();
        assertThat(server.manage("DELETE", "actions/actions/" + first, null).statusCode())
                .isEqualTo(204);
    }
}
