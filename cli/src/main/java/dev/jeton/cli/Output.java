package dev.jeton.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Where a command prints; every line is made {@link Printable} here, so that no command can forget it. */
final class Output {
    private final PrintStream stream;

    Output(PrintStream stream) {
        this.stream = stream;
    }

    /** Whether this process's standard output is a terminal; the JDK tells that only of input and output together. */
    static boolean isTerminal() {
        try {
            Process test = new ProcessBuilder("/bin/sh", "-c", "test -t 1")
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return test.waitFor() == 0;
        } catch (IOException _) {
            return true; // without knowing, nothing is printed that a terminal would obey
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    void line(String text) {
        stream.println(Printable.of(text));
    }

    void blank() {
        stream.println();
    }

    void table(Table table) {
        table.lines().forEach(this::line);
    }

    void json(JsonNode node) {
        Json.pretty(node).lines().forEach(this::line);
    }

    void jsonLine(JsonNode node) {
        line(Json.compact(node));
    }

    /** Every character as it is, in UTF-8: for what goes to a file or a program, never to a terminal. */
    void verbatim(String text) {
        stream.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void flush() {
        stream.flush();
    }
}
