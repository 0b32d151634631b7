package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jeton.config.Config;
import dev.jeton.config.Config.HookSandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds if Node's permission model had a hole: a worker's own command line, without that model. */
class SandboxTest {
    @TempDir
    private Path folder;

    private Path secret;

    @BeforeEach
    void makeSecret() throws Exception {
        secret = Files.writeString(folder.resolve("master.key"), "sesame");
    }

    private String attempt(HookSandbox sandbox, String statement) throws Exception {
        Config.Hooks settings = new Config.Hooks(sandbox, true, Duration.ofSeconds(10), 1, 64 << 20);
        try (WorkerRuntime runtime = new WorkerRuntime(settings, SearchPath.of(System.getenv()))) {
            Path directory = runtime.newFolder();
            Path socket = Files.createFile(runtime.newFolder().resolve("s"));
            List<String> command =
                    new ArrayList<>(runtime.launch(directory, socket).command());
            command.removeIf(word -> word.endsWith("-permission") || word.startsWith("--allow-fs-read"));
            List<String> start = command.subList(0, command.size() - 2);
            List<String> tried = new ArrayList<>(start);
            tried.add("-e");
            tried.add("try { " + statement + "; console.log('done') } catch (e) { console.log(e.code || e.message) }");
            Process process = new ProcessBuilder(tried)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.strip();
        }
    }

    private void assumeBubblewrap() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    }

    @Test
    void inside_bubblewrap_there_are_no_files_of_the_server() throws Exception {
        assumeBubblewrap();
        assertThat(attempt(HookSandbox.REQUIRE, "require('fs').readFileSync('" + secret + "')"))
                .isEqualTo("ENOENT");
        assertThat(attempt(HookSandbox.REQUIRE, "require('fs').readFileSync('/etc/passwd')"))
                .isEqualTo("ENOENT");
        assertThat(attempt(HookSandbox.REQUIRE, "require('fs').readdirSync('/proc')"))
                .isEqualTo("ENOENT");
    }

    @Test
    void inside_bubblewrap_nothing_can_be_written() throws Exception {
        assumeBubblewrap();
        assertThat(attempt(HookSandbox.REQUIRE, "require('fs').writeFileSync('/jeton/x', 'x')"))
                .isEqualTo("EROFS");
        assertThat(attempt(HookSandbox.REQUIRE, "require('fs').writeFileSync('/usr/x', 'x')"))
                .isEqualTo("EROFS");
    }

    @Test
    void without_bubblewrap_only_nodes_flags_stand_between_a_script_and_the_files() throws Exception {
        assertThat(attempt(HookSandbox.OFF, "require('fs').readFileSync('" + secret + "')"))
                .isEqualTo("done");
    }
}
