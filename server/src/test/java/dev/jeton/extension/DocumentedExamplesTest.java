package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The examples and templates that people begin with, run as they stand. */
class DocumentedExamplesTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("^```js[^\\n]*\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static String file(String path) throws Exception {
        return Files.readString(Path.of("..").resolve(path));
    }

    @Test
    void hooks_and_actions_of_the_docs_and_the_templates_yield_a_token() throws Exception {
        List<String> examples = EXAMPLE.matcher(file("docs/hooks.md"))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        try (TestServer server = TestServer.start()) {
            int hooks = 0;
            int actions = 0;
            for (String script : List.of(
                    examples.get(0),
                    examples.get(1),
                    file("hook-worker/starter.js"),
                    file("hook-worker/starter-action.js"))) {
                JsonNode payload;
                if (script.contains("onExecuteCredentialsExchange")) {
                    actions++;
                    payload = testedAction(server, "example " + actions, script);
                } else {
                    hooks++;
                    payload = testedHook(server, "example " + hooks, script);
                }
                assertThat(payload.path("token").path("claims").path("scope").asString())
                        .as(payload.toString())
                        .isEqualTo("read");
            }
            assertThat(hooks).isEqualTo(2);
            assertThat(actions).isEqualTo(2);
        }
    }

    private static JsonNode testedHook(TestServer server, String name, String script) {
        String id = server.managed(
                        "POST", "hooks", Map.of("name", name, "script", script, "triggerId", "credentials-exchange"))
                .path("id")
                .asString();
        return server.managed("POST", "hooks/" + id + "/test", Map.of("payload", Map.of("scope", List.of("read"))))
                .path("payload");
    }

    private static JsonNode testedAction(TestServer server, String name, String script) {
        Map<String, Object> action = Map.of(
                "name", name, "code", script, "supported_triggers", List.of(Map.of("id", "credentials-exchange")));
        String id = server.managed("POST", "actions/actions", action).path("id").asString();
        Map<String, Object> event = Map.of(
                "accessToken", Map.of("scope", List.of("read"), "customClaims", Map.of()),
                "client", Map.of("client_id", "abc", "name", "Job", "metadata", Map.of()),
                "request", Map.of("body", Map.of(), "method", "POST", "ip", "192.0.2.1"),
                "resource_server", Map.of("identifier", "https://api.example.com"),
                "transaction", Map.of("requested_scopes", List.of()));
        return server.managed("POST", "actions/actions/" + id + "/test", Map.of("payload", event))
                .path("payload");
    }
}
