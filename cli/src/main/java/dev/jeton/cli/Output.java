package dev.jeton.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Where a command prints; every line is made {@link Printable} here, so that no command can forget it. */
final class Output {
    private static final int LONGEST_REWRITTEN = 70;

    private final PrintStream stream;
    private final boolean isColoured;

    /** @param isColoured whether a terminal shows it, to somebody who wants colours */
    Output(PrintStream stream, boolean isColoured) {
        this.stream = stream;
        this.isColoured = isColoured;
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

    boolean isColoured() {
        return isColoured;
    }

    void line(String text) {
        stream.println(Printable.of(text));
    }

    /** A line whose first word is to be seen. */
    void line(Style style, String word, String rest) {
        String first = Printable.of(word);
        stream.println((isColoured ? style.on(first) : first) + Printable.of(rest));
    }

    /** Writes over the line that this left on the terminal before; of the text only as much as one line has room for. */
    void rewrite(String text, String end) {
        String line = Printable.of(text);
        int most = Math.min(LONGEST_REWRITTEN, line.codePointCount(0, line.length()));
        stream.print("\r" + line.substring(0, line.offsetByCodePoints(0, most)) + end + "\u001b[K");
        stream.flush();
    }

    void blank() {
        stream.println();
    }

    void table(Table table) {
        table.lines(isColoured).forEach(stream::println); // its cells are printable
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
