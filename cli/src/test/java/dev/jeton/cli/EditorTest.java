package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditorTest {
    @TempDir
    Path folder;

    private int edit(String command) throws IOException {
        Path file = folder.resolve("a 'file' of $HOME.js");
        Files.writeString(file, "before");
        int status = Editor.ofTerminal().edit(command, file);
        assertThat(folder.toFile().list()).hasSize(1);
        return status;
    }

    private String text() throws IOException {
        return Files.readString(folder.resolve("a 'file' of $HOME.js"));
    }

    @Test
    void runs_an_editor_with_arguments_on_a_file_with_any_name() throws IOException {
        assertThat(edit("sed -i -e 's/before/after it/'")).isZero();
        assertThat(text()).isEqualTo("after it");
    }

    @Test
    void gives_the_status_that_the_editor_ended_with() throws IOException {
        assertThat(edit("sh -c 'exit 3'")).isEqualTo(3);
        assertThat(edit("exec 2>&-; no-such-editor")).isEqualTo(127);
    }

    @Test
    void leaves_the_key_that_interrupts_to_the_editor() throws IOException {
        // The signal that Ctrl-C sends to all programs of the terminal would otherwise end this very process.
        assertThat(edit("kill -INT " + ProcessHandle.current().pid() + " && echo edited >"))
                .isZero();
        assertThat(text()).isEqualTo("edited\n");
    }
}
