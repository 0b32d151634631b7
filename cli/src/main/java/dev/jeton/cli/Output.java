package dev.jeton.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Where a command prints; every line is made {@link Printable} here, so that no command can forget it. */
final class Output {
    private final PrintStream stream;

    Output(PrintStream stream) {
        this.stream = stream;
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
