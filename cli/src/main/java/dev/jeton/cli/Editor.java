package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Lets a person change a file. */
interface Editor {
    /**
     * Opens the file and comes back when the person is done with it.
     *
     * @param command the editor as in {@code EDITOR}: words of a shell, arguments among them
     * @return the editor's exit status
     * @throws IOException if nothing can be started at all
     */
    int edit(String command, Path file) throws IOException;

    /** Editors that have the terminal for themselves meanwhile. */
    static Editor ofTerminal() {
        return Editor::run;
    }

    private static int run(String command, Path file) throws IOException {
        ProcessBuilder editor =
                new ProcessBuilder("/bin/sh", "-c", command + " \"$1\"", command, file.toString()).inheritIO();
        // Ctrl-C goes to every program of the terminal; in an editor it is a key like others.
        try (Interrupts _ = Interrupts.withoutEffect()) {
            return editor.start().waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }
}
