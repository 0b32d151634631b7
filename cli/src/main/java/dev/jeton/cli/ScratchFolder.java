package dev.jeton.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for temporary files that nobody else can look into, and that is gone with all of them when it is closed, or
 * when this process is told to end.
 */
final class ScratchFolder implements AutoCloseable {
    private final Path path;
    private final Shell shell;
    private final AtShutdown deletion;

    private ScratchFolder(Path path, Shell shell) {
        this.path = path;
        this.shell = shell;
        this.deletion = AtShutdown.undo(this::delete);
    }

    static ScratchFolder make(String prefix, Shell shell) throws IOException {
        Path made = Files.createTempDirectory(shell.temporary(), prefix, OwnerOnly.folder());
        return new ScratchFolder(made.toRealPath(), shell); // Node.js allows the real one, and finds no way there
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        delete();
        deletion.close();
    }

    private synchronized void delete() {
        if (Files.notExists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) { // what the folder was for is done all the same
            shell.errorOutput().line("jeton: cannot delete the temporary folder " + path + ": " + e);
        }
    }
}
