package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/sample.md, command after command, on free ports. */
class DocumentedSampleTest {
    private static final Path HOME =
            Path.of(System.getProperty("jeton.home", "..")).toAbsolutePath().normalize();
    private static final Pattern COMMANDS =
            Pattern.compile("(?:<!-- stays: (?<ready>.*?) -->\\n)?```sh\\n(?<commands>.*?)\\n```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void every_command_does_what_the_page_says() throws IOException {
        Files.createSymbolicLink(folder.resolve("jeton"), HOME.resolve("jeton"));
        Files.createSymbolicLink(folder.resolve("samples"), HOME.resolve("samples"));
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        Jeton user = new Jeton(folder)
                .with(Map.of("JETON_PORT", "0", "TIMESHEETS_PORT", "0", "PATH", java + ":" + System.getenv("PATH")));
        Map<String, String> addresses = new HashMap<>();
        List<RunningServer> running = new ArrayList<>();
        StringBuilder printed = new StringBuilder();
        try {
            Matcher block = COMMANDS.matcher(Files.readString(HOME.resolve("docs/sample.md")));
            while (block.find()) {
                String commands = block.group("commands");
                if (commands.startsWith("./jeton sample")) {
                    continue; // SampleTest
                }
                for (Map.Entry<String, String> address : addresses.entrySet()) {
                    commands = commands.replace(address.getKey(), address.getValue());
                }
                String ready = block.group("ready");
                if (ready == null) {
                    Result result = user.runAny("", List.of("sh", "-ec", commands));
                    assertThat(result.exitCode())
                            .as(commands + "\n" + result.out() + result.err())
                            .isZero();
                    printed.append(result.out());
                } else {
                    String port = running.isEmpty() ? "8080" : "8081";
                    RunningServer server = user.startAny(ready + " ", List.of("sh", "-c", "exec env " + commands));
                    running.addFirst(server);
                    addresses.put("http://127.0.0.1:" + port, server.issuer().replaceFirst("/$", ""));
                }
            }
        } finally {
            running.forEach(RunningServer::close);
        }
        assertThat(printed)
                .contains("HTTP/1.1 401")
                .contains("\"error\":\"missing_token\"")
                .contains("\"user_id\":\"ada@exampleco.com\"");
    }
}
