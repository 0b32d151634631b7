package dev.jeton.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a Hook or an Action wrote to its console, and the token requests it ran for, together in the order of time. */
final class RunLog {
    /** How many lines the server gives at once. */
    static final int PAGE = 100;

    private final Extension extension;
    private final Session session;
    private final String goal;
    private final EventFeed events;
    private final List<Line> unprinted = new ArrayList<>();
    private String next = "";

    RunLog(Extension extension, Session session, String goal) {
        this.extension = extension;
        this.session = session;
        this.goal = goal;
        this.events = new EventFeed(session, goal);
    }

    /** A line of the console, or a run. */
    private record Line(Instant time, String text, JsonNode json) {
        static Line of(String time, String text, JsonNode json) {
            return new Line(instant(time), Moment.of(time) + "  " + text, json);
        }

        private static Instant instant(String time) {
            try {
                return Instant.parse(time);
            } catch (DateTimeException _) {
                return Instant.EPOCH;
            }
        }
    }

    /** Prints the latest lines, then each new one if they are followed. */
    void show(int take, boolean follow) {
        readConsole(console().with("take", String.valueOf(Math.max(take, 1)))); // the answer says where to go on
        readRuns(events.latest(take, event -> runs(event).findAny().isPresent()));
        unprinted.sort(Comparator.comparing(Line::time)); // what is equal stays: a run's console comes before it
        boolean isEmpty = unprinted.isEmpty();
        unprinted.subList(0, Math.max(0, unprinted.size() - take)).clear();
        print();
        if (follow) {
            new Watch(session).with(this::look);
        } else if (isEmpty && !session.json()) {
            session.output().line("The " + extension.title() + " has written nothing and run for no token yet.");
        }
    }

    /** What one feed gave is kept for the next look when the other cannot be reached. */
    private boolean look() {
        boolean more = readConsole(console().with("from", next).with("take", String.valueOf(PAGE))) == PAGE;
        readRuns(events.next());
        unprinted.sort(Comparator.comparing(Line::time));
        print();
        return more || events.hasMore();
    }

    private ApiPath console() {
        return extension.path().then("logs");
    }

    private int readConsole(ApiPath path) {
        JsonNode answer = session.api().get(goal, path);
        next = Json.text(answer, "next");
        JsonNode lines = answer.path("logs");
        for (JsonNode line : lines.values()) {
            String text = "%-5s  %s".formatted(Json.text(line, "level"), Json.text(line, "text"));
            unprinted.add(Line.of(Json.text(line, "date"), text, line));
        }
        return lines.size();
    }

    private void readRuns(List<LogEvent> latest) {
        for (LogEvent event : latest) {
            runs(event).forEach(run -> {
                String error = Json.text(run, "error");
                String text = "ran " + Json.text(run, "duration_ms") + " ms  "
                        + error.lines().findFirst().map("failed: "::concat).orElse("ok") + "  " + event.id();
                unprinted.add(Line.of(Json.text(event.json(), "date"), text, event.json()));
            });
        }
    }

    /** What the event says of a run of this Hook or Action: nothing, or one thing. */
    private Stream<JsonNode> runs(LogEvent event) {
        String kind = extension.kind().word().toLowerCase(Locale.ROOT);
        return event.json().path("details").path("actions").path("results").values().stream()
                .filter(run -> Json.text(run, "kind").equals(kind)
                        && Json.text(run, "id").equals(extension.id()));
    }

    private void print() {
        for (Line line : unprinted) {
            if (session.json()) {
                session.output().jsonLine(line.json());
            } else {
                session.output().line(line.text());
            }
        }
        session.output().flush();
        unprinted.clear();
    }
}
