package dev.jeton.hook;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Operator;
import dev.jeton.TestServer;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.FakeNpmRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HookRoutesTest {
    private static final String SCRIPT = "module.exports = function (client, scope, audience, context, cb) {};";
    private static final String UNKNOWN = "01JD3X8QK5V7M2R9T4ZB6WYCNE";

    private static FakeNpmRegistry registry;
    private static TestServer server;

    @BeforeAll
    static void start() {
        registry = new FakeNpmRegistry();
        registry.publish("one", "1.0.0", Map.of(), Map.of("index.js", "module.exports = 1"));
        registry.publish("native", "1.0.0", Map.of(), Map.of("binding.gyp", "{}"));
        server = TestServer.start(registry.environment());
    }

    @AfterAll
    static void stop() {
        server.close();
        registry.close();
    }

    @AfterEach
    void deleteHooks() {
        each(server.managed("GET", "hooks?per_page=100", null), "id")
                .forEach(id -> server.managed("DELETE", "hooks/" + id, null));
    }

    private static Map<String, Object> body(String name, Map<String, ?> more) {
        Map<String, Object> body =
                new HashMap<>(Map.of("name", name, "script", SCRIPT, "triggerId", "credentials-exchange"));
        body.putAll(more);
        return body;
    }

    private static HttpResponse<String> post(String name, Map<String, ?> more) {
        return server.manage("POST", "hooks", body(name, more));
    }

    private static String create(String name, Map<String, ?> more) {
        return server.managed("POST", "hooks", body(name, more)).path("id").asString();
    }

    private static HttpResponse<String> patch(String id, Map<String, ?> body) {
        return server.manage("PATCH", "hooks/" + id, body);
    }

    private static JsonNode get(String id) {
        return server.managed("GET", "hooks/" + id, null);
    }

    private static HttpResponse<String> secrets(String method, String id, @Nullable Object body) {
        return server.manage(method, "hooks/" + id + "/secrets", body);
    }

    @Test
    void a_hook_is_created_as_auth0_answers_it() {
        HttpResponse<String> response = post("add claim", Map.of());

        assertThat(response.statusCode()).isEqualTo(201);
        String id = json(response).path("id").asString();
        assertThat(id).matches("01[0-9A-HJKMNP-TV-Z]{24}");
        assertThat(response.body())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"add claim\",\"script\":\"" + SCRIPT
                        + "\",\"dependencies\":{},\"triggerId\":\"credentials-exchange\",\"enabled\":false}");
        assertThat(get(id)).isEqualTo(json(response));
        assertThat(secrets("GET", id, null).body()).isEqualTo("{}");
    }

    @Test
    void what_must_be_there_is_asked_for_by_its_name() {
        for (String field : List.of("name", "script", "triggerId")) {
            Map<String, Object> body = body("a", Map.of());
            body.remove(field);

            assertRefused(
                    server.manage("POST", "hooks", body),
                    400,
                    "Payload validation error: 'Missing required property: " + field + "'.",
                    "invalid_body");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pre-user-registration",
                "post-user-registration",
                "post-change-password",
                "send-phone-message",
                "x"
            })
    void another_trigger_is_refused_and_the_one_there_is_is_named(String trigger) {
        assertRefused(
                post("a", Map.of("triggerId", trigger)),
                400,
                "Payload validation error: 'No enum match for: " + trigger
                        + "; there are Hooks for credentials-exchange only' on property triggerId.",
                "invalid_body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name|' a'|String does not match pattern",
                "name|5|Expected type string but found type integer",
                "script|''|String is too short (0 chars), minimum 1",
                "script|null|Expected type string but found type null",
                "enabled|'true'|Expected type boolean but found type string",
                "enabled|1|Expected type boolean but found type integer",
                "dependencies|[]|Expected type object but found type array",
            },
            quoteCharacter = '`')
    void what_does_not_fit_is_refused_with_the_field_named(String field, String value, String detail) {
        String id = create("a", Map.of());

        HttpResponse<String> response =
                server.manage("PATCH", "hooks/" + id, "{\"" + field + "\":" + value.replace('\'', '"') + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains(detail).endsWith("on property " + field + ".");
    }

    @Test
    void a_script_may_be_as_long_as_100_kb_and_is_refused_beyond() {
        assertThat(post("a", Map.of("script", "ü".repeat(50_000))).statusCode()).isEqualTo(201);

        assertRefused(
                post("b", Map.of("script", "ü".repeat(50_001))),
                400,
                "Payload validation error: 'String is too long (100002 bytes), maximum 100000' on property script.",
                "invalid_body");
    }

    @Test
    void a_change_keeps_what_it_does_not_name() {
        String id = create("a", Map.of("enabled", true));

        HttpResponse<String> response = patch(id, Map.of("name", "b"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"b\",\"script\":\"" + SCRIPT
                        + "\",\"dependencies\":{},\"triggerId\":\"credentials-exchange\",\"enabled\":true}");
        assertThat(server.managed("PATCH", "hooks/" + id, Map.of("script", "y", "enabled", false)))
                .isEqualTo(get(id));
        assertThat(get(id).path("script").asString()).isEqualTo("y");
        assertThat(get(id).path("enabled").asBoolean()).isFalse();
    }

    @Test
    void a_change_of_nothing_or_of_the_trigger_is_refused() {
        String id = create("a", Map.of());

        assertRefused(
                patch(id, Map.of()),
                400,
                "Payload validation error: 'Too few properties defined (0), minimum 1'.",
                "invalid_body");
        assertRefused(
                patch(id, Map.of("triggerId", "credentials-exchange")),
                400,
                "Payload validation error: 'Additional properties not allowed: triggerId'.",
                "invalid_body");
        assertRefused(
                post("b", Map.of("code", "x")),
                400,
                "Payload validation error: 'Additional properties not allowed: code'.",
                "invalid_body");
    }

    @Test
    void a_name_is_used_once() {
        create("a", Map.of());
        String other = create("b", Map.of());

        assertRefused(post("a", Map.of()), 409, "A hook with the same name already exists: a", "hook_conflict");
        assertRefused(
                patch(other, Map.of("name", "a")), 409, "A hook with the same name already exists: a", "hook_conflict");
        assertThat(patch(other, Map.of("name", "b", "enabled", true)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void enabling_a_hook_switches_the_other_off() {
        String first = create("first", Map.of("enabled", true));
        String second = create("second", Map.of("enabled", true));
        assertThat(get(first).path("enabled").asBoolean()).isFalse();
        assertThat(get(second).path("enabled").asBoolean()).isTrue();

        patch(first, Map.of("enabled", true));

        assertThat(get(first).path("enabled").asBoolean()).isTrue();
        assertThat(get(second).path("enabled").asBoolean()).isFalse();
        assertThat(each(server.managed("GET", "hooks?enabled=true", null), "id"))
                .containsExactly(first);
    }

    @Test
    void a_deleted_hook_is_gone_and_deleting_it_again_says_so() {
        String id = create("a", Map.of());

        HttpResponse<String> response = server.manage("DELETE", "hooks/" + id, null);

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertRefused(
                server.manage("DELETE", "hooks/" + id, null), 404, "Error: Hook does not exist", "HookDoesNotExist");
    }

    @Test
    void an_unknown_hook_does_not_exist() {
        for (String id : List.of(UNKNOWN, "x".repeat(2_000), "%27%20or%201=1--")) {
            for (HttpResponse<String> response : List.of(
                    server.manage("GET", "hooks/" + id, null),
                    patch(id, Map.of("name", "a")),
                    server.manage("DELETE", "hooks/" + id, null),
                    secrets("GET", id, null),
                    secrets("POST", id, Map.of("A", "1")),
                    secrets("PATCH", id, Map.of("A", "1")),
                    secrets("DELETE", id, List.of("A")))) {
                assertRefused(response, 404, "Error: Hook does not exist", "HookDoesNotExist");
            }
        }
    }

    @Test
    void lists_are_as_auth0_answers_them_without_scripts() {
        assertThat(server.managed("GET", "hooks?include_totals=true&per_page=100", null)
                        .toString())
                .isEqualTo("{\"total\":0,\"start\":0,\"limit\":100,\"hooks\":[]}");
        String first = create("first", Map.of());
        server.clock().advance(Duration.ofMillis(5));
        String second = create("second", Map.of("enabled", true));

        assertThat(server.managed("GET", "hooks", null).toString())
                .isEqualTo("[{\"id\":\"" + first + "\",\"name\":\"first\",\"dependencies\":{},"
                        + "\"triggerId\":\"credentials-exchange\",\"enabled\":false},{\"id\":\"" + second
                        + "\",\"name\":\"second\",\"dependencies\":{},\"triggerId\":\"credentials-exchange\","
                        + "\"enabled\":true}]");
        JsonNode page = server.managed("GET", "hooks?include_totals=true&page=1&per_page=1", null);
        assertThat(page.path("total").asInt()).isEqualTo(2);
        assertThat(each(page.path("hooks"), "id")).containsExactly(second);
        JsonNode checkpoint = server.managed("GET", "hooks?take=1", null);
        assertThat(each(checkpoint.path("hooks"), "id")).containsExactly(first);
        assertThat(each(
                        server.managed(
                                        "GET",
                                        "hooks?take=1&from="
                                                + checkpoint.path("next").asString(),
                                        null)
                                .path("hooks"),
                        "id"))
                .containsExactly(second);
        assertThat(server.managed("GET", "hooks?fields=id,script&enabled=false", null)
                        .toString())
                .isEqualTo("[{\"id\":\"" + first + "\"}]");
        assertThat(server.managed("GET", "hooks/" + first + "?fields=enabled", null)
                        .toString())
                .isEqualTo("{\"enabled\":false}");
        assertThat(server.managed("GET", "hooks?triggerId=send-phone-message", null))
                .isEmpty();
        assertThat(server.managed("GET", "hooks?triggerId=credentials-exchange", null))
                .hasSize(2);
        assertRefused(
                server.manage("GET", "hooks?enabled=yes", null),
                400,
                "Query validation error: 'Expected type boolean but found type string' on property enabled.",
                "invalid_query_string");
    }

    @Test
    void secrets_are_added_changed_and_deleted_and_never_shown() {
        String id = create("a", Map.of());

        HttpResponse<String> added = secrets("POST", id, Map.of("foo", "secret one", "bar", "secret two"));
        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(added.body()).isEqualTo("{}");
        assertThat(secrets("GET", id, null).body())
                .isEqualTo("{\"bar\":\"_VALUE_NOT_SHOWN_\",\"foo\":\"_VALUE_NOT_SHOWN_\"}");

        HttpResponse<String> changed = secrets("PATCH", id, Map.of("foo", "secret three"));
        assertThat(changed.statusCode()).isEqualTo(201);
        assertThat(changed.body()).isEqualTo("{}");

        HttpResponse<String> deleted = secrets("DELETE", id, List.of("bar", "never"));
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(secrets("GET", id, null).body()).isEqualTo("{\"foo\":\"_VALUE_NOT_SHOWN_\"}");
        assertThat(get(id).has("secrets")).isFalse();
    }

    @Test
    void names_of_secrets_are_shown_without_a_record_of_a_secret_that_was_read() {
        String id = create("a", Map.of());
        secrets("POST", id, Map.of("client_secret", "x"));

        assertThat(secrets("GET", id, null).body()).isEqualTo("{\"client_secret\":\"_VALUE_NOT_SHOWN_\"}");

        assertThat(server.managed("GET", "logs?per_page=1", null)
                        .path(0)
                        .path("description")
                        .asString())
                .isEqualTo("Add hook secrets");
    }

    @Test
    void a_secret_is_added_once_and_changed_only_if_it_is_there_and_else_nothing_is() {
        String id = create("a", Map.of());
        secrets("POST", id, Map.of("foo", "1"));

        assertRefused(
                secrets("POST", id, Map.of("new", "1", "foo", "2")),
                409,
                "The hook has a secret of that name already, which PATCH changes: foo",
                "hook_secret_conflict");
        assertRefused(
                secrets("PATCH", id, Map.of("foo", "2", "new", "1")),
                404,
                "The hook has no secret of that name, which POST adds: new",
                "inexistent_hook_secret");
        assertThat(secrets("GET", id, null).body()).isEqualTo("{\"foo\":\"_VALUE_NOT_SHOWN_\"}");
    }

    @Test
    void the_placeholder_leaves_a_secret_as_it_is_and_makes_none() {
        String id = create("a", Map.of());

        assertRefused(
                secrets("POST", id, Map.of("foo", "_VALUE_NOT_SHOWN_")),
                400,
                "Payload validation error: '_VALUE_NOT_SHOWN_ stands for a secret that is there; send its value'"
                        + " on property foo.",
                "invalid_body");
        secrets("POST", id, Map.of("foo", "1"));
        assertThat(secrets("PATCH", id, Map.of("foo", "_VALUE_NOT_SHOWN_")).statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_hook_has_at_most_twenty_secrets() {
        String id = create("a", Map.of());
        Map<String, String> twenty = new HashMap<>();
        IntStream.range(0, 20).forEach(i -> twenty.put("S" + i, "x"));
        assertThat(secrets("POST", id, twenty).statusCode()).isEqualTo(201);

        assertRefused(
                secrets("POST", id, Map.of("more", "x")),
                400,
                "A hook has at most 20 secrets; with these it would have 21",
                "too_many_hook_secrets");
        assertThat(secrets("DELETE", id, List.copyOf(twenty.keySet())).statusCode())
                .isEqualTo(204);
        assertThat(secrets("POST", id, Map.of("n".repeat(128), "v".repeat(4_096)))
                        .statusCode())
                .isEqualTo(201);
        assertThat(message(secrets("POST", id, Map.of("n".repeat(129), "v"))))
                .contains("The name of a secret has 1 to 128 characters");
        assertThat(message(secrets("PATCH", id, Map.of("n", "v".repeat(4_097)))))
                .isEqualTo("Payload validation error: 'String is too long (4097 chars), maximum 4096' on property n.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST|['x']|Expected type object but found type array'.",
                "POST|{'A':5}|Expected type string but found type integer' on property A.",
                "PATCH|{'A':null}|Expected type string but found type null' on property A.",
                "DELETE|{'A':'x'}|Expected type array but found type object'.",
                "DELETE|['A',5]|Expected type string but found type integer' on property [1].",
            })
    void secrets_of_another_shape_are_refused(String method, String body, String detail) {
        String id = create("a", Map.of());

        assertRefused(
                secrets(method, id, body.replace('\'', '"')),
                400,
                "Payload validation error: '" + detail,
                "invalid_body");
    }

    @Test
    void dependencies_are_installed_before_a_hook_is_stored(@TempDir Path folder) throws SQLException {
        String id = create("a", Map.of("dependencies", Map.of("one", "1.0.0")));
        assertThat(get(id).path("dependencies").toString()).isEqualTo("{\"one\":\"1.0.0\"}");
        tree(id).orElseThrow().unpackTo(folder);
        assertThat(folder.resolve("one/index.js")).hasContent("module.exports = 1");

        assertRefused(
                patch(id, Map.of("dependencies", Map.of("native", "1.0.0"), "name", "b")),
                400,
                "Package native has native code (native/binding.gyp), which is not run here: use one that is"
                        + " JavaScript throughout",
                "hook_dependency_native");
        HttpResponse<String> missing = post("c", Map.of("dependencies", Map.of("missing", "1.0.0")));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(json(missing).path("errorCode").asString()).isEqualTo("hook_dependencies_not_installed");
        assertThat(message(missing)).startsWith("npm could not install missing@1.0.0: Not Found");

        assertThat(get(id).path("name").asString()).isEqualTo("a");
        assertThat(tree(id)).isPresent();
        assertThat(each(server.managed("GET", "hooks", null), "id")).containsExactly(id);
        patch(id, Map.of("dependencies", Map.of()));
        assertThat(get(id).path("dependencies").toString()).isEqualTo("{}");
        assertThat(tree(id)).isEmpty();
    }

    /** As it stands in the server's database. */
    private static Optional<DependencyTree> tree(String id) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + server.folder().resolve("jeton.db"));
                var query = connection.prepareStatement("select dependency_tree from hooks where id = ?")) {
            query.setString(1, id);
            return Optional.ofNullable(query.executeQuery().getBytes(1)).map(DependencyTree::of);
        }
    }

    @Test
    void npm_is_asked_only_when_dependencies_change() {
        String id = create("a", Map.of("dependencies", Map.of("one", "1.0.0")));
        int asked = registry.asked.size();
        assertThat(asked).isPositive();

        patch(id, Map.of("dependencies", Map.of("one", "1.0.0"), "name", "b"));
        patch(id, Map.of("script", "y"));
        post("b", Map.of("dependencies", Map.of("one", "1.0.0")));

        assertThat(get(id).path("name").asString()).isEqualTo("b");
        assertThat(get(id).path("dependencies").toString()).isEqualTo("{\"one\":\"1.0.0\"}");
        assertThat(registry.asked).as("nor for a name that is taken").hasSize(asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'one':'^1.0.0'}|^1.0.0 is not an exact version: give one like 3.0.6, not a range, a tag, a URL or a"
                        + " path' on property dependencies.one.",
                "{'../x':'1.0.0'}|../x is not the name of an npm package' on property dependencies.../x.",
                "{'one':null}|Expected type string but found type null' on property dependencies.one.",
                "{'one':1}|Expected type string but found type integer' on property dependencies.one.",
                "null|Expected type object but found type null' on property dependencies.",
            })
    void dependencies_that_are_no_exact_versions_are_refused(String dependencies, String detail) {
        assertRefused(
                server.manage(
                        "POST",
                        "hooks",
                        "{\"name\":\"a\",\"script\":\"x\",\"triggerId\":\"credentials-exchange\",\"dependencies\":"
                                + dependencies.replace('\'', '"') + "}"),
                400,
                "Payload validation error: '" + detail,
                "invalid_body");
    }

    @Test
    void without_npm_dependencies_are_refused_and_all_else_goes_on(@TempDir Path programs) throws IOException {
        Files.createSymbolicLink(programs.resolve("node"), Path.of("/usr/bin/node"));
        try (TestServer other = TestServer.start(Map.of("PATH", programs.toString()))) {
            HttpResponse<String> response =
                    other.manage("POST", "hooks", body("a", Map.of("dependencies", Map.of("one", "1.0.0"))));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(json(response).path("errorCode").asString()).isEqualTo("npm_not_found");
            assertThat(other.manage("POST", "hooks", body("a", Map.of())).statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void every_route_needs_its_scope() {
        String id = create("a", Map.of());
        Map<String, String> routes = Map.of(
                "GET hooks",
                "read:hooks",
                "POST hooks",
                "create:hooks",
                "GET hooks/" + id,
                "read:hooks",
                "PATCH hooks/" + id,
                "update:hooks",
                "DELETE hooks/" + id,
                "delete:hooks",
                "GET hooks/" + id + "/secrets",
                "read:hooks",
                "POST hooks/" + id + "/secrets",
                "update:hooks",
                "PATCH hooks/" + id + "/secrets",
                "update:hooks",
                "DELETE hooks/" + id + "/secrets",
                "delete:hooks");
        List<String> all = List.of("read:hooks", "create:hooks", "update:hooks", "delete:hooks");
        routes.forEach((route, scope) -> {
            List<String> others = new ArrayList<>(all);
            others.remove(scope);
            String[] parts = route.split(" ", 2);

            assertRefused(
                    Operator.with(server, others.toArray(String[]::new)).call(parts[0], parts[1], Map.of("x", "y")),
                    403,
                    "Insufficient scope, expected any of: " + scope,
                    "insufficient_scope");
            assertThat(server.get("api/v2/" + parts[1]).statusCode()).isEqualTo(401);
        });
    }

    @Test
    void records_name_what_was_done_without_script_and_secrets() {
        String id = create("audited", Map.of("script", "the hidden script"));
        patch(id, Map.of("script", "the hidden script 2", "enabled", true));
        secrets("POST", id, Map.of("KEY", "the hidden value"));
        secrets("PATCH", id, Map.of("KEY", "the hidden value 2"));
        secrets("DELETE", id, List.of("KEY"));
        server.managed("DELETE", "hooks/" + id, null);

        JsonNode logs = server.managed("GET", "logs?per_page=6", null);

        assertThat(each(logs, "description"))
                .containsExactly(
                        "Delete a hook",
                        "Delete hook secrets",
                        "Update hook secrets",
                        "Add hook secrets",
                        "Update a hook",
                        "Create a hook");
        assertThat(logs.toString()).doesNotContain("hidden");
        assertThat(request(logs, 4)).isEqualTo(json("{\"script\":\"*****\",\"enabled\":true}"));
        for (int event : new int[] {1, 2, 3}) {
            assertThat(request(logs, event).toString()).isEqualTo("{\"KEY\":\"*****\"}");
        }
    }

    private static JsonNode request(JsonNode logs, int event) {
        return logs.path(event).path("details").path("request").path("body");
    }

    @Test
    void no_file_holds_a_secret_in_the_clear() throws IOException {
        String id = create("at rest", Map.of("enabled", true));
        secrets("POST", id, Map.of("AT_REST", "a value that no file holds"));
        secrets("PATCH", id, Map.of("AT_REST", "another that no file holds"));

        List<String> files = contents(server.folder());

        assertThat(files).as("what is public is there").anyMatch(file -> file.contains("AT_REST"));
        assertThat(files).noneMatch(file -> file.contains("that no file holds"));
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
