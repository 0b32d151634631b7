package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.cli.CommandLineRun.Result;
import dev.jeton.cli.FakeServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** What holds for each command, whichever it is; the examples in its help are what it is run with. */
class EveryCommandTest {
    /** Whatever is asked for is found in it. */
    private static final String ANYTHING = """
            {"id":"x","name":"Add the plan","client_id":"x","client_secret":"s","identifier":"x","number":3,
             "deployed_version":{"number":3},"all_changes_deployed":true,"code":"//","script":"//","access_token":"t",
             "secrets":[{"name":"API_KEY"}],"API_KEY":"*","payload":{"result":{}},"next":"",
             "hooks":[{"id":"x","name":"Add the plan"}],
             "actions":[{"id":"x","name":"Add the plan"},{"id":"y","name":"Check the plan"}],
             "bindings":[{"action":{"id":"x","name":"Add the plan"}},{"action":{"id":"y","name":"Check the plan"}}],
             "versions":[{"id":"v","number":3}],"clients":[],"resource_servers":[],"client_grants":[],"logs":[{"text":"x"}]}""";

    private static final List<EveryCommand> ALL = EveryCommand.all();

    @TempDir
    Path folder;

    private final FakeServer server = new FakeServer();

    @BeforeEach
    void files() throws IOException {
        for (String script : List.of("hook.js", "action.js", "key.txt")) {
            Files.writeString(folder.resolve(script), "exports.onExecuteCredentialsExchange = async () => {};");
        }
        Files.writeString(folder.resolve("secrets.json"), "{}");
        Path clients = Files.createDirectories(folder.resolve("tenant/clients"));
        Files.writeString(clients.resolve("worker.json"), "{\"name\":\"Worker\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Others have tests of their own: they change the file of profiles, take Node.js, or tell of a server that is away. */
    private static List<EveryCommand> thatAnswer() {
        return ALL.stream()
                .filter(command -> !command.isGroup())
                .filter(command -> !command.name().matches(".* (login|logout|use|check|doctor)"))
                .toList();
    }

    @Test
    void each_says_what_it_does_and_how_it_ends() {
        assertThat(ALL).hasSizeGreaterThan(60).allSatisfy(command -> {
            assertThat(command.line().getCommandSpec().usageMessage().description())
                    .isNotEmpty();
            assertThat(command.line().getUsageMessage())
                    .startsWith("Usage: " + command.name())
                    .contains("Exit codes:\n  0  ", "\n  1  ", "\n  2  ", "\n  3  ");
        });
    }

    @Test
    void each_has_an_example_that_can_be_called_so() {
        CommandLine jeton = ALL.getFirst().line();

        assertThat(ALL).allSatisfy(command -> {
            assertThat(command.examples()).anyMatch(command::isCalledBy);
            command.examples().forEach(example -> jeton.parseArgs(example.toArray(String[]::new)));
        });
    }

    @Test
    void each_prints_nothing_but_json_for_a_script() {
        server.otherwise(_ -> new Reply(200, ANYTHING));
        server.on("GET /api/v2/administrators", 200, "[{\"id\":\"x\",\"name\":\"ada\"}]");
        server.on("GET /api/v2/logs", 200, "[{\"log_id\":\"1\"},{\"log_id\":\"2\"}]");
        server.on("GET /.well-known/jwks.json", 200, "{\"keys\":[]}");

        assertThat(thatAnswer()).allSatisfy(command -> {
            Result result = runs(command);

            assertThat(result.err()).isEmpty();
            assertThat(result.out()).isNotEmpty();
            boolean isLog = command.name().endsWith("logs");
            (isLog ? result.out().lines() : Stream.of(result.out())).forEach(Json::parse);
        });
    }

    @Test
    void each_tells_a_script_that_the_server_is_away() {
        server.close();

        assertThat(thatAnswer()).allSatisfy(command -> {
            Result result = runs(command);

            if (result.exitCode() == 0) {
                assertThat(result.err()).isEmpty(); // it needs no server
            } else {
                JsonNode error = Json.parse(result.err());
                assertThat(result.exitCode()).isEqualTo(3);
                assertThat(result.out()).isEmpty();
                assertThat(error.propertyNames()).containsExactly("error", "message", "fix", "code", "exit_code");
                assertThat(error.path("error").stringValue()).isEqualTo("unreachable");
                assertThat(error.path("fix").stringValue()).startsWith("is the server running at ");
            }
        });
    }

    /** The example of its help, as a script would run it. */
    private Result runs(EveryCommand command) {
        List<String> args = new ArrayList<>(command.examples().stream()
                .filter(command::isCalledBy)
                .findFirst()
                .orElseThrow());
        if (!args.contains("--json")) {
            args.add("--json");
        }
        if (command.line().getCommandSpec().findOption("--yes") != null) {
            args.add("--yes");
        }
        return CommandLineRun.against(server, folder)
                .with("EDITOR", "ed")
                .editing((_, _) -> 0)
                .reading("t.t.t")
                .run(args.toArray(String[]::new));
    }
}
