package dev.jeton.e2e.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Auth0's SDK for Node.js as it comes from npm; what each version is asked is in its {@code run.mjs}. */
class NodeSdkTest {
    @TempDir
    Path folder;

    @TestFactory
    @EnabledIfSystemProperty(named = "jeton.tools.all", matches = "true")
    Stream<DynamicTest> version_4_does_its_work() {
        return steps("auth0-4");
    }

    @TestFactory
    @EnabledIfSystemProperty(named = "jeton.tools.all", matches = "true")
    Stream<DynamicTest> version_5_does_its_work() {
        return steps("auth0-5");
    }

    @TestFactory
    Stream<DynamicTest> the_newest_version_does_its_work() {
        return steps("auth0-newest");
    }

    private Stream<DynamicTest> steps(String version) {
        try (ToolServer server = new ToolServer(folder)) {
            Result run = server.node(
                            version,
                            Map.of(
                                    "JETON_DOMAIN", server.domain(),
                                    "JETON_CLIENT_ID", ToolServer.clientId(),
                                    "JETON_CLIENT_SECRET", ToolServer.clientSecret()),
                            "run.mjs")
                    .done();
            assertThat(run.err()).isEmpty();
            return Step.printed(run.out());
        }
    }
}
