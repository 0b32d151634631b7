package dev.jeton.e2e;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jeton.e2e.DocumentedPage.Block;
import dev.jeton.e2e.Jeton.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documentation as somebody reads it who types what it says: page after page in the order of the contents, in one shell
 * and one folder, with the servers that it has them start. CONTRIBUTING.md says what the marks of a block mean.
 */
class DocumentedCommandsTest {
    private static final Path HOME =
            Path.of(System.getProperty("jeton.home", "..")).toAbsolutePath().normalize();
    private static final Pattern PORT = Pattern.compile("(?<=127\\.0\\.0\\.1:|--port )(8080|8081|8090)\\b");

    @TempDir
    private static Path folder;

    @TempDir
    private static Path scratch;

    /** The ports in the text, and those that are free here. */
    private static Map<String, String> ports;

    private static Jeton reader;
    private static Terminal terminal;
    private static final List<RunningServer> RUNNING = new ArrayList<>();

    @BeforeAll
    static void sit_down() throws IOException {
        Files.createSymbolicLink(folder.resolve("jeton"), HOME.resolve("jeton"));
        Files.createSymbolicLink(folder.resolve("samples"), HOME.resolve("samples"));
        ExportedTenant.write(folder.resolve("tenant"));
        ports = Map.of("8080", free(), "8081", free(), "8090", free());
        reader = new Jeton(folder)
                .with(Map.of(
                        "JETON_PORT",
                        ports.get("8080"),
                        "TIMESHEETS_PORT",
                        ports.get("8081"),
                        "PATH",
                        Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH")));
        terminal = new Terminal(reader, scratch);
    }

    private static String free() throws IOException {
        return Integer.toString(FreePort.next());
    }

    @AfterAll
    static void leave() throws IOException {
        terminal.close();
        RUNNING.reversed().forEach(RunningServer::close);
        assertThat(RUNNING)
                .isNotEmpty()
                .allSatisfy(server -> assertThat(server.out() + server.err())
                        .doesNotContain("WARNING:")
                        .doesNotContain("\tat "));
        RUNNING.clear();
        Files.delete(folder.resolve("jeton"));
        Files.delete(folder.resolve("samples"));
    }

    static List<DocumentedPage> pages() throws IOException {
        return DocumentedPage.inOrder(HOME);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_command_does_what_the_page_says(DocumentedPage page) throws Exception {
        assumeTrue(terminal.isOpen(), "a page before this one failed");
        String out = "";
        for (Block block : page.blocks()) {
            String at = page + ":" + block.line();
            String text = withFreePorts(block.text());
            for (String file : block.info("file").toList()) {
                Files.writeString(folder.resolve(file), text);
            }
            if (block.isOutput()) {
                assertThat(printed(out)).as(at).matches(new Block(block.line(), block.info(), text).shown());
            } else if (block.isRun() && block.stays()) {
                RunningServer server = reader.startAny(" is ready at ", List.of("sh", "-c", "exec env " + text));
                RUNNING.add(server);
                out = server.out();
            } else if (block.isRun()) {
                Result result = terminal.type(text, block.exitCode() != 0);
                out = result.out();
                assertThat(result.exitCode())
                        .as("%s\n%s\n%s%s", at, text, out, result.err())
                        .isEqualTo(block.exitCode());
            }
        }
    }

    /** Without what nobody sees: space at the ends of lines, and lines of nothing at both ends. */
    private static String printed(String out) {
        return out.strip().lines().map(String::stripTrailing).collect(joining("\n")) + "\n";
    }

    private static String withFreePorts(String text) {
        return PORT.matcher(text).replaceAll(port -> ports.get(port.group()));
    }
}
