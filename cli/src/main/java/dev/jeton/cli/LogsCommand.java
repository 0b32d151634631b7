package dev.jeton.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code jeton logs}: the server's record of tokens issued and refused and of every change. */
@Command(
        name = "logs",
        description = "The latest events, newest last: tokens issued and refused, and every change.",
        footer = "  jeton logs --take 50 --follow")
final class LogsCommand implements Callable<Integer> {
    private static final int PAGE = 100;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final String GOAL = "read the log";

    private final Session session;

    @Option(names = "--take", paramLabel = "N", description = "How many, up to 1000; 20 unless given.")
    int take = 20;

    @Option(names = "--follow", description = "Go on with each new event until Ctrl-C.")
    boolean follow;

    LogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (take < 0 || take > 1000) {
            throw Failure.usage("--take is a number from 0 to 1000");
        }
        List<LogEvent> latest = latest(Math.max(take, 1)); // to follow, the last one's id is needed
        latest.stream().skip(Math.max(0, latest.size() - take)).forEach(this::print);
        session.output().flush();
        if (follow) {
            followFrom(latest.isEmpty() ? "" : latest.getLast().id());
        } else if (latest.isEmpty() && !session.json()) {
            session.output().line("There are no events yet.");
        }
        return 0;
    }

    /** The latest events in the order they happened. */
    private List<LogEvent> latest(int count) {
        List<LogEvent> newestFirst = new ArrayList<>();
        for (int page = 0; newestFirst.size() < count; page++) {
            ApiPath path = ApiPath.of("logs")
                    .with("per_page", String.valueOf(Math.min(count, PAGE)))
                    .with("page", String.valueOf(page))
                    .with("sort", "date:-1");
            JsonNode events = session.api().get(GOAL, path);
            events.values().forEach(event -> newestFirst.add(new LogEvent(event)));
            if (events.size() < Math.min(count, PAGE)) {
                break;
            }
        }
        return newestFirst.subList(0, Math.min(count, newestFirst.size())).reversed();
    }

    private void followFrom(String start) {
        String last = start;
        boolean unreachable = false;
        boolean goOn = true;
        while (goOn) {
            List<LogEvent> events = List.of();
            try {
                events = last.isEmpty() ? latest(PAGE) : after(last);
                unreachable = false;
            } catch (Failure failure) {
                if (!failure.isUnreachable()) {
                    throw failure;
                }
                if (!unreachable) { // a restart of the server is no reason to stop, and one line about it is enough
                    new Output(session.shell().err()).line("jeton: " + failure.message() + "; waiting for it");
                }
                unreachable = true;
            }
            events.forEach(this::print);
            session.output().flush();
            last = events.isEmpty() ? last : events.getLast().id();
            goOn = events.size() == PAGE || session.shell().pause().await(BETWEEN_LOOKS);
        }
    }

    private List<LogEvent> after(String id) {
        ApiPath path = ApiPath.of("logs").with("from", id).with("take", String.valueOf(PAGE));
        return session.api().get(GOAL, path).values().stream()
                .map(LogEvent::new)
                .toList();
    }

    private void print(LogEvent event) {
        if (session.json()) {
            session.output().jsonLine(event.json());
        } else {
            session.output().line(event.line());
        }
    }
}
