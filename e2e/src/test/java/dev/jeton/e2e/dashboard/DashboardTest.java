package dev.jeton.e2e.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.jeton.e2e.Jeton;
import dev.jeton.e2e.Jeton.Result;
import dev.jeton.e2e.NodeProgram;
import dev.jeton.e2e.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged server's dashboard in a real Chromium; what it is asked is in {@code src/test/browser}. */
class DashboardTest {
    private static final Path PROGRAM = Path.of("src/test/browser").toAbsolutePath();
    private static final List<String> BROWSERS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final Pattern LINK = Pattern.compile("\\S+/dashboard/welcome#\\S+");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> the_journey_of_the_quick_start() {
        return steps("journey.mjs");
    }

    @TestFactory
    Stream<DynamicTest> every_page() {
        return steps("pages.mjs");
    }

    private Stream<DynamicTest> steps(String script) {
        Assumptions.assumeTrue(
                BROWSERS.stream().map(Path::of).anyMatch(Files::isExecutable),
                "no Chromium: install the package chromium, and the dashboard is tried in it");
        Path program = NodeProgram.installed(PROGRAM);
        Jeton jeton = new Jeton(folder);
        try (RunningServer server = jeton.start("serve", "--port", "0", "--data", "data")) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "JETON_URL", server.issuer(),
                    "JETON_LINK", link(server),
                    "JETON_TOKEN", token(jeton, server)));
            Optional.ofNullable(System.getProperty("jeton.pictures"))
                    .ifPresent(pictures -> environment.put("JETON_PICTURES", pictures));
            Result run = jeton.with(environment)
                    .runAny("", List.of("node", program.resolve(script).toString()))
                    .done();
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isNotEmpty();
            return run.out().lines().map(JsonMapper.shared()::readTree).map(DashboardTest::test);
        }
    }

    /** One step, as the program printed it: its name and, if it failed, how. */
    private static DynamicTest test(JsonNode step) {
        return DynamicTest.dynamicTest(step.path("step").asString(), () -> {
            if (step.has("failed")) {
                fail("%s", step.path("failed").asString());
            }
        });
    }

    private static String link(RunningServer server) {
        Matcher link = LINK.matcher(server.out());
        assertThat(link.find()).as(server.out()).isTrue();
        return link.group();
    }

    private static String token(Jeton jeton, RunningServer server) {
        return jeton.run("token", "--api", server.issuer() + "api/v2/", "--data", "data")
                .done()
                .out()
                .strip();
    }
}
