package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the check of a file says of claims is what the server does with them: both go by the same lists. */
class CheckedClaimsTest {
    private final JsonNode lists = JsonMapper.shared()
            .readTree(Path.of("..", "hook-worker", "check", "claims.json").toFile());

    private List<String> texts(String list) {
        return lists.path(list).values().stream().map(JsonNode::stringValue).toList();
    }

    @Test
    void names_the_same_restricted_claims() {
        assertThat(texts("restricted")).containsExactlyInAnyOrderElementsOf(CustomClaims.RESTRICTED);
    }

    @Test
    void names_the_same_hosts_of_auth0() {
        assertThat(texts("auth0_hosts")).containsExactlyElementsOf(CustomClaims.AUTH0_HOSTS);
    }

    /** The limits that the check states are the server's. */
    @Test
    void states_the_limits_of_the_server() throws Exception {
        assertThat(script("packages.mjs"))
                .contains("MAX_DEPENDENCIES = " + Dependency.MOST + ";")
                .contains("MAX_PACKAGE_NAME = " + Dependency.MAX_NAME + ";");
        assertThat(script("installed.mjs"))
                .contains("MAX_UNPACKED_BYTES = " + (DependencyTree.MAX_UNPACKED_BYTES >> 20) + " * 1024 * 1024;")
                .contains("MAX_PACKED_BYTES = " + (DependencyTree.MAX_PACKED_BYTES >> 20) + " * 1024 * 1024;");
        assertThat(script("syntax.mjs")).contains("MAX_BYTES = 100_000;");
    }

    @Test
    void names_the_same_oldest_node() throws Exception {
        assertThat(script("versions.mjs"))
                .contains("OLDEST = '" + WorkerRuntime.OLDEST_NODE + "." + WorkerRuntime.OLDEST_MINOR + "';");
    }

    private static String script(String name) throws Exception {
        try (Stream<String> lines = Files.lines(Path.of("..", "hook-worker", "check", name))) {
            return String.join("\n", lines.toList());
        }
    }
}
