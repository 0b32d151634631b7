package dev.jeton.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerRuntimeTest {
    /** A server that stops deletes all, while a bundle that ended before is still being deleted. */
    @Test
    void what_two_delete_at_once_is_gone(@TempDir Path temporary) throws Exception {
        Path all = temporary.resolve("all");
        for (int i = 0; i < 20; i++) {
            fill(all.resolve("bundle/" + i));
        }

        Thread other = Thread.ofPlatform().start(() -> WorkerRuntime.delete(all.resolve("bundle")));
        WorkerRuntime.delete(all);
        other.join();

        assertThat(all).doesNotExist();
    }

    private static void fill(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < 20; i++) {
            Files.createFile(folder.resolve("file" + i));
        }
    }
}
