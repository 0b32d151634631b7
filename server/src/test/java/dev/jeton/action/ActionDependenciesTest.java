package dev.jeton.action;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.extension.DependencyTree;
import dev.jeton.extension.FakeNpmRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packages of Actions, with the machine's npm and a registry on loopback. */
class ActionDependenciesTest {
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

    private static Map<String, Object> dependencies(Object... items) {
        return Map.of("dependencies", List.of(items));
    }

    @Test
    void dependencies_are_installed_before_an_action_is_stored(@TempDir Path folder) throws Exception {
        String id = actions.create(
                "a",
                dependencies(
                        Map.of("name", "one", "version", "1.0.0"),
                        Map.of("name", "@scope/two", "version", "2.0.0", "registry_url", "")));
        assertThat(actions.get(id).path("dependencies").toString())
                .isEqualTo(
                        "[{\"name\":\"one\",\"version\":\"1.0.0\"},{\"name\":\"@scope/two\",\"version\":\"2.0.0\"}]");
        DependencyTree.of(trees().getFirst()).unpackTo(folder);
        assertThat(folder.resolve("one/index.js")).hasContent("module.exports = 1");
        assertThat(folder.resolve("@scope/two/index.js")).hasContent("module.exports = 2");

        assertRefused(
                actions.patch(
                        id, Map.of("dependencies", List.of(Map.of("name", "native", "version", "1.0.0")), "name", "b")),
                400,
                "Package native has native code (native/binding.gyp), which is not run here: use one that is"
                        + " JavaScript throughout",
                "");
        HttpResponse<String> missing = actions.post("c", dependencies(Map.of("name", "missing")));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(json(missing).has("errorCode")).isFalse();
        assertThat(message(missing)).startsWith("npm could not install missing@latest: Not Found");

        assertThat(actions.get(id).path("name").asString()).isEqualTo("a");
        assertThat(server.managed("GET", "actions/actions", null).path("total").asInt())
                .isEqualTo(1);
        assertThat(trees()).hasSize(1);
        actions.deploy(id);
        actions.patch(id, dependencies());
        assertThat(actions.get(id).path("dependencies")).isEmpty();
        assertThat(trees()).as("of the version").hasSize(1);
        actions.deploy(id);
        server.managed("DELETE", "actions/actions/" + id, null);
        assertThat(trees()).isEmpty();
    }

    /** As they stand in the server's database. */
    private static List<byte[]> trees() throws SQLException {
        try (var connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + server.folder().resolve("jeton.db"));
                var query = connection.prepareStatement("select content from dependency_trees");
                var rows = query.executeQuery()) {
            List<byte[]> trees = new ArrayList<>();
            while (rows.next()) {
                trees.add(rows.getBytes(1));
            }
            return trees;
        }
    }

    @Test
    void the_latest_version_is_kept_as_the_one_that_it_was() {
        String id = actions.create(
                "a", dependencies(Map.of("name", "one"), Map.of("name", "@scope/two", "version", "latest")));

        assertThat(each(actions.get(id).path("dependencies"), "version")).containsExactly("1.1.0", "2.0.0");
        assertThat(each(
                        json(actions.patch(id, dependencies(Map.of("name", "one", "version", ""))))
                                .path("dependencies"),
                        "version"))
                .containsExactly("1.1.0");
    }

    @Test
    void the_same_packages_are_stored_once() throws SQLException {
        actions.create("a", dependencies(Map.of("name", "one", "version", "1.0.0")));
        String id = actions.create("b", dependencies(Map.of("name", "one", "version", "1.0.0")));
        actions.deploy(id);
        actions.deploy(id);

        assertThat(trees()).hasSize(1);
        actions.patch(id, dependencies(Map.of("name", "one", "version", "1.1.0")));
        assertThat(trees()).hasSize(2);
    }

    @Test
    void npm_is_asked_only_when_dependencies_change() {
        String id = actions.create("a", dependencies(Map.of("name", "one", "version", "1.0.0")));
        int asked = registry.asked.size();
        assertThat(asked).isPositive();

        actions.patch(id, Map.of("dependencies", List.of(Map.of("name", "one", "version", "1.0.0")), "name", "b"));
        actions.patch(id, Map.of("code", Actions.OTHER_CODE));
        actions.deploy(id);
        actions.rollBack(id, actions.deploy(id).path("id").asString(), null);
        actions.post("b", dependencies(Map.of("name", "one", "version", "1.1.0")));
        actions.post("c", Map.of("dependencies", List.of(Map.of("name", "one")), "runtime", "python"));
        actions.patch(
                id, Map.of("dependencies", List.of(Map.of("name", "one")), "secrets", List.of(Map.of("name", "A"))));

        assertThat(actions.get(id).path("name").asString()).isEqualTo("b");
        assertThat(registry.asked)
                .as("nor for a name that is taken or what cannot be stored anyway")
                .hasSize(asked);
        actions.patch(id, dependencies(Map.of("name", "one")));
        assertThat(registry.asked).as("whether there is a newer one").hasSizeGreaterThan(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^1.0.0",
                "~1.2.3",
                "1.x",
                "*",
                "next",
                "Latest",
                " latest",
                ">=1.0.0",
                "v1.0.0",
                "file:../x",
                "https://example.com/x.tgz",
                "npm:other@1.0.0"
            })
    void a_version_is_exact_or_the_latest(String version) {
        assertRefused(
                actions.post("a", dependencies(Map.of("name", "one", "version", version))),
                400,
                "Payload validation error: '" + version + " is not an exact version: give one like 3.0.6, or latest,"
                        + " not a range, another tag, a URL or a path' on property dependencies[0].version.",
                "invalid_body");
    }

    @Test
    void a_registry_of_its_own_is_refused_with_the_cure() {
        assertRefused(
                actions.post(
                        "a",
                        dependencies(
                                Map.of("name", "one", "version", "1.0.0", "registry_url", "https://npm.example.com"))),
                400,
                "Payload validation error: 'All packages come from the server's registry: leave this out, and start the"
                        + " server with npm_config_registry for another one' on property dependencies[0].registry_url.",
                "invalid_body");
    }

    @Test
    void there_are_at_most_ten_dependencies() {
        assertThat(message(actions.post(
                        "a",
                        Map.of(
                                "dependencies",
                                IntStream.range(0, 11)
                                        .mapToObj(i -> Map.of("name", "p" + i))
                                        .toList()))))
                .isEqualTo("Payload validation error: 'Array is too long (11), maximum 10' on property dependencies.");
    }

    @Test
    void without_npm_dependencies_are_refused_and_all_else_goes_on(@TempDir Path programs) throws Exception {
        Files.createSymbolicLink(programs.resolve("node"), Path.of("/usr/bin/node"));
        try (TestServer other = TestServer.start(Map.of("PATH", programs.toString()))) {
            HttpResponse<String> response =
                    other.manage("POST", "actions/actions", Actions.body("a", dependencies(Map.of("name", "one"))));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(message(response)).contains("npm, which is not on the server's PATH");
            assertThat(json(response).has("errorCode")).isFalse();
            assertThat(other.manage("POST", "actions/actions", Actions.body("a", Map.of("deploy", true)))
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void without_node_a_draft_is_kept_and_who_deploys_it_is_told() {
        try (TestServer other = TestServer.start(Map.of("PATH", "/nowhere"))) {
            String id = json(other.manage("POST", "actions/actions", Actions.body("a", Map.of())))
                    .path("id")
                    .asString();

            HttpResponse<String> response = other.manage("POST", "actions/actions/" + id + "/deploy", null);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(message(response)).startsWith("Hooks and Actions run in Node.js 20.9 or newer, which is not on");
        }
    }
}
