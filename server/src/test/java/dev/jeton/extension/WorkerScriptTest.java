package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Has Node.js run the worker's own tests, so that one command tests all. */
class WorkerScriptTest {
    @Test
    void passes_its_own_tests() throws Exception {
        Process process = new ProcessBuilder("node", "--test")
                .directory(Path.of("..", "hook-worker").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).containsPattern("# pass [1-9]").contains("# fail 0");
    }
}
