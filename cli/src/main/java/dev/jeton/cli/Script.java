package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** JavaScript for a Hook or an Action; whether it is any is found out by the server. */
record Script(String text) {
    /** What the server takes. */
    static final int MAX_BYTES = 100_000;

    /** The script in a file, or on standard input if the file is called {@code -}. */
    static Script read(Path file, Shell shell) {
        return new Script(new InputFile("the script", file).read(shell, MAX_BYTES));
    }

    /** Prints the template to start from. */
    static void printStarter(Extension.Kind kind, Session session) {
        Script starter = starter(kind);
        if (session.json()) {
            session.output().json(Json.object().put(kind.scriptField(), starter.text));
        } else {
            starter.print(session);
        }
    }

    private static Script starter(Extension.Kind kind) {
        try (InputStream in = Script.class.getResourceAsStream(kind.starter())) {
            if (in == null) {
                throw new IllegalStateException(kind.starter() + " is not on the class path");
            }
            return new Script(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int bytes() {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Whether both are the same but for blanks at the end: some editors add a line end by themselves. */
    boolean isSameAs(Script other) {
        return text.stripTrailing().equals(other.text.stripTrailing());
    }

    /** Prints every character as it is, so that it can go to a file; but nothing in it may steer a terminal. */
    void print(Session session) {
        if (session.shell().terminal().getAsBoolean()) {
            text.lines().forEach(line -> session.output().line(line.replace("\t", "    ")));
        } else {
            session.output().verbatim(text);
        }
    }
}
