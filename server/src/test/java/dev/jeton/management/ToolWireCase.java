package dev.jeton.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of {@code wire/management}: the requests of a tool in their order, each with what the answer must hold. The README
 * there tells the form.
 *
 * @param pending the index of the first step that may fail, for as long as the server lacks {@code lacking}; otherwise the
 *     number of steps
 */
record ToolWireCase(String name, List<Step> steps, int pending, String lacking) {
    /** Lines of a head are {@code Name: value}; without a body, {@code body} and {@code answer} are empty. */
    record Step(
            String method,
            String path,
            List<String> headers,
            String body,
            int status,
            List<String> answerHeaders,
            String answer) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final Pattern REQUEST = Pattern.compile("(GET|POST|PATCH|PUT|DELETE) (/\\S+)");
    private static final Pattern EXPECTATION = Pattern.compile("=== (\\d{3})");
    private static final String PENDING = "# pending: ";

    static ToolWireCase read(Path file) {
        try {
            Deque<String> lines = new ArrayDeque<>(Files.readAllLines(file));
            String name = file.getFileName().toString();
            List<Step> steps = new ArrayList<>();
            int pending = Integer.MAX_VALUE;
            String lacking = "";
            while (!lines.isEmpty()) {
                String line = lines.element();
                if (line.startsWith(PENDING)) {
                    if (!lacking.isEmpty()) {
                        throw new IllegalArgumentException(name + " has two marks; the first covers all that follows");
                    }
                    pending = steps.size();
                    lacking = line.substring(PENDING.length());
                    lines.remove();
                } else if (line.isEmpty() || line.startsWith("#")) {
                    lines.remove();
                } else {
                    steps.add(step(lines));
                }
            }
            return new ToolWireCase(name, List.copyOf(steps), Math.min(pending, steps.size()), lacking);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Step step(Deque<String> lines) {
        Matcher request = matched(REQUEST, lines.remove());
        List<String> headers = head(lines);
        String body = body(lines);
        Matcher expectation = matched(EXPECTATION, lines.remove());
        List<String> answerHeaders = head(lines);
        return new Step(
                request.group(1),
                request.group(2),
                headers,
                body,
                Integer.parseInt(expectation.group(1)),
                answerHeaders,
                body(lines));
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not " + pattern + ": " + line);
        }
        return matcher;
    }

    /** The header lines, with the empty line behind them if there is one. */
    private static List<String> head(Deque<String> lines) {
        List<String> head = new ArrayList<>();
        while (!endsHere(lines) && !lines.element().isEmpty()) {
            head.add(lines.remove());
        }
        if (!endsHere(lines)) {
            lines.remove();
        }
        return List.copyOf(head);
    }

    private static String body(Deque<String> lines) {
        List<String> body = new ArrayList<>();
        while (!endsHere(lines)) {
            body.add(lines.remove());
        }
        return String.join("\n", body).strip();
    }

    private static boolean endsHere(Deque<String> lines) {
        return lines.isEmpty()
                || lines.element().startsWith("#")
                || REQUEST.matcher(lines.element()).matches()
                || EXPECTATION.matcher(lines.element()).matches();
    }

    @Override
    public String toString() {
        return name;
    }
}
