package dev.jeton.e2e.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auth0's deploy-cli as it comes from npm, with the folders beside its lock file. An import takes ten seconds of the
 * processor's time before its first request, to compile the schema of all that Auth0 has.
 */
class DeployCliTest {
    private static final Path REGISTRY = ToolServer.file("deploy-cli/registry");
    private static final Path SETTINGS = ToolServer.file("deploy-cli/settings");
    /** What it is to look at, for each folder. */
    private static final Map<Path, String> ASSETS = Map.of(
            REGISTRY, "[\"hooks\",\"resourceServers\",\"clients\",\"clientGrants\",\"actions\",\"triggers\"]",
            SETTINGS, "[\"tenant\",\"logStreams\"]");

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> a_folder_is_imported() {
        try (ToolServer server = new ToolServer(folder)) {
            return Stream.of(Step.of("deploy-cli exports what it imported", () -> {
                        importInto(server, REGISTRY, Map.of());
                        assertHolds(export(server, "first", assets(REGISTRY)), REGISTRY);
                    }))
                    .map(Step::test);
        }
    }

    @TestFactory
    @EnabledIfSystemProperty(named = "jeton.tools.all", matches = "true")
    Stream<DynamicTest> a_folder_is_imported_again_and_elsewhere() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (ToolServer server = new ToolServer(folder);
                ToolServer other = new ToolServer(elsewhere)) {
            return Stream.of(
                            Step.of("deploy-cli imports a second time and nothing is another", () -> {
                                Map<String, String> withIds = assets(REGISTRY);
                                withIds.put("AUTH0_EXPORT_IDENTIFIERS", "true");
                                importInto(server, REGISTRY, Map.of());
                                SortedMap<String, String> first = export(server, "first", withIds);
                                importInto(server, REGISTRY, Map.of());
                                assertThat(export(server, "second", withIds)).isEqualTo(first);
                            }),
                            Step.of("deploy-cli imports and exports settings and log streams", () -> {
                                importInto(server, SETTINGS, Map.of());
                                SortedMap<String, String> first = export(server, "settings", assets(SETTINGS));
                                assertHolds(first, SETTINGS);
                                importInto(server, SETTINGS, Map.of());
                                assertThat(export(server, "settings-again", assets(SETTINGS)))
                                        .isEqualTo(first);
                            }),
                            Step.of("deploy-cli exports without being told what", () -> {
                                SortedMap<String, String> all = export(server, "all", Map.of());
                                assertHolds(all, REGISTRY);
                                assertHolds(all, SETTINGS);
                            }),
                            Step.of("deploy-cli deletes what its folder does not have, but for its own client", () -> {
                                importInto(other, REGISTRY, Map.of("AUTH0_ALLOW_DELETE", "true"));
                                SortedMap<String, String> exported = export(other, "other", assets(REGISTRY));
                                assertHolds(exported, REGISTRY);
                                exported.keySet().removeAll(files(REGISTRY).keySet());
                                assertThat(exported).containsOnlyKeys("clients/Bootstrap client.json");
                            }))
                    .map(Step::test);
        }
    }

    private static Map<String, String> assets(Path folder) {
        return new HashMap<>(Map.of("AUTH0_INCLUDED_ONLY", ASSETS.get(folder)));
    }

    private static void importInto(ToolServer server, Path folder, Map<String, String> more) {
        Map<String, String> variables = assets(folder);
        variables.putAll(more);
        run(server, variables, "import", "--input_file", folder.toString());
    }

    /** The files that it writes, by their names. */
    private SortedMap<String, String> export(ToolServer server, String name, Map<String, String> variables) {
        Path exported = folder.resolve("exported-" + name);
        run(server, variables, "export", "--format", "directory", "--output_folder", exported.toString());
        return files(exported);
    }

    private static void run(ToolServer server, Map<String, String> more, String... args) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("AUTH0_DOMAIN", server.domain());
        variables.put("AUTH0_CLIENT_ID", ToolServer.clientId());
        variables.put("AUTH0_CLIENT_SECRET", ToolServer.clientSecret());
        server.node("deploy-cli", variables, "node_modules/auth0-deploy-cli/lib/index.js", args)
                .done();
    }

    private static SortedMap<String, String> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            SortedMap<String, String> contents = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exported files are those of the folder and more; the server adds to them what was left to it. */
    private static void assertHolds(Map<String, String> exported, Path folder) {
        files(folder).forEach((name, content) -> {
            assertThat(exported.keySet()).contains(name);
            if (name.endsWith(".json")) {
                assertContained(JSON.readTree(content), JSON.readTree(exported.get(name)), name);
            } else {
                assertThat(exported.get(name)).as(name).isEqualTo(content);
            }
        });
    }

    private static void assertContained(JsonNode expected, JsonNode actual, String place) {
        if (expected.isObject()) {
            expected.properties()
                    .forEach(member -> assertContained(
                            member.getValue(), actual.path(member.getKey()), place + " " + member.getKey()));
        } else if (expected.isArray()) {
            assertThat(actual).as(place).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertContained(expected.get(i), actual.get(i), place + " " + i);
            }
        } else {
            assertThat(actual).as(place).isEqualTo(expected);
        }
    }
}
