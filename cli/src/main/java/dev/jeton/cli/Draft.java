package dev.jeton.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The script of a Hook or an Action in a person's editor. It is in a file of its own in a folder of its own, both for
 * this user only, and stays there whenever the server does not have what the person wrote.
 */
final class Draft {
    private final Extension extension;
    private final Script before;
    private final Session session;

    /** @param extension with its script */
    Draft(Extension extension, Session session) {
        this.extension = extension;
        this.before = extension.script();
        this.session = session;
    }

    /**
     * Lets the person change the script, and saves it if it is another one then.
     *
     * @return what {@code save} gave; nothing if the script is as it was
     */
    Optional<JsonNode> edit(Function<Script, JsonNode> save) {
        String editor = editor();
        Path file = write();
        Optional<JsonNode> saved;
        try {
            open(editor, file);
            Script after = Script.read(file, session.shell());
            saved = after.isSameAs(before) ? Optional.empty() : Optional.of(save.apply(after));
        } catch (Failure failure) {
            if (hasNothingNew(file)) {
                delete(file);
                throw failure;
            }
            throw failure.leaving("what you wrote is in " + file)
                    .thenDo(extension.command("edit") + " --file " + Shell.quoted(file));
        }
        delete(file);
        return saved;
    }

    private String editor() {
        Shell shell = session.shell();
        return shell.variable("VISUAL").or(() -> shell.variable("EDITOR")).orElseGet(() -> {
            if (session.prompt().isEmpty()) {
                throw Failure.usage("there is no terminal to edit at; give the script with --file");
            }
            return "vi";
        });
    }

    private Path write() {
        try {
            Path folder = Files.createTempDirectory(session.shell().temporary(), "jeton", OwnerOnly.folder());
            Path file = Files.createFile(
                    folder.resolve(extension.kind().word().toLowerCase(Locale.ROOT) + ".js"), OwnerOnly.file());
            return Files.writeString(file, before.text());
        } catch (IOException e) {
            throw Failure.refused("cannot write a temporary file: " + e.getMessage());
        }
    }

    private void open(String editor, Path file) {
        int status;
        try {
            status = session.shell().editor().edit(editor, file);
        } catch (IOException e) {
            throw noEditor("cannot start the editor '" + editor + "': " + e.getMessage());
        }
        if (status == 126 || status == 127) { // what a shell answers when there is no such program
            throw noEditor("there is no editor '" + editor + "' to run");
        }
        if (status != 0) {
            throw Failure.refused("nothing was saved: the editor '" + editor + "' ended with status " + status);
        }
    }

    private static Failure noEditor(String message) {
        return Failure.usage(message).mendedBy("set VISUAL or EDITOR to one, or give the script with --file");
    }

    /** Whether nothing is lost with the file. */
    private boolean hasNothingNew(Path file) {
        try {
            Script now = new Script(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            return now.text().isBlank() || now.isSameAs(before);
        } catch (NoSuchFileException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** With whatever copies the editor has left beside it. */
    private void delete(Path file) {
        Path folder = file.resolveSibling("");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path each : files) {
                Files.delete(each);
            }
            Files.delete(folder);
        } catch (IOException e) { // what the command is for is done all the same
            session.notes().note("cannot delete the temporary file: " + FileTrouble.of(file, e));
        }
    }
}
