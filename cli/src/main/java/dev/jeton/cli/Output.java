package dev.jeton.cli;

import java.io.PrintStream;
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

    void flush() {
        stream.flush();
    }
}
