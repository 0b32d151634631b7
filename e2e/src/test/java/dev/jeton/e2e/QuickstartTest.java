package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
class QuickstartTest {
    @TempDir
    Path folder;

    /** What it tells to type: from "curl" to the line that does not go on. */
    private static String curl(RunningServer server) {
        StringBuilder command = new StringBuilder();
        for (String line : server.out().lines().toList()) {
            boolean isPart = !command.isEmpty() || line.strip().startsWith("curl ");
            if (isPart) {
                command.append(line.strip()).append('\n');
                if (!line.endsWith("\\")) {
                    return command.toString();
                }
            }
        }
        throw new AssertionError("no curl in\n" + server.out());
    }

    private static String application(RunningServer server) {
        return server.out()
                .lines()
                .filter(line -> line.startsWith("  application "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void quickstart_prints_a_request_that_works_and_a_second_run_finds_the_first() {
        Jeton jeton = new Jeton(folder);
        String first;
        try (RunningServer server = jeton.start("quickstart", "--port", "0", "--data", "q")) {
            assertThat(server.out())
                    .contains("Made a demo API, an application and the grant between them:")
                    .contains("signature, issuer, audience and times are right");
            assertThat(server.out())
                    .containsPattern(
                            "\n  http://127.0.0.1:\\d+/dashboard/welcome#[A-Za-z0-9_-]{43}\n\nJeton is ready at ");
            first = application(server);
            Result answer = jeton.runAny("", List.of("sh", "-c", curl(server))).done();
            assertThat(answer.json().path("token_type").asString()).isEqualTo("Bearer");
            assertThat(answer.json().path("scope").asString()).isEqualTo("read:reports");
            assertThat(server.err()).doesNotContain("WARNING:").doesNotContain("\tat ");
        }
        try (RunningServer server = jeton.start("quickstart", "--port", "0", "--data", "q", "--tls", "self-signed")) {
            assertThat(server.out()).contains("Found from before:");
            assertThat(application(server)).isEqualTo(first);
            Result answer = jeton.runAny("", List.of("sh", "-c", curl(server))).done();
            assertThat(answer.json().path("access_token").asString()).contains(".");
        }
    }
}
