package dev.jeton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jeton logs}: the server's record of tokens issued and refused and of every change. */
@Command(
        name = "logs",
        description = "The latest events, newest last: tokens issued and refused, and every change.",
        footer = "  jeton logs --take 50 --follow",
        exitCodeList = "130:stopped by Ctrl-C, which ends --follow")
final class LogsCommand implements Callable<Integer> {
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
        if (take < 0 || take > EventFeed.WINDOW) {
            throw Failure.usage("--take is a number from 0 to " + EventFeed.WINDOW);
        }
        EventFeed events = new EventFeed(session, "read the log");
        events.latest(take).forEach(this::print);
        if (follow) {
            session.output().flush();
            new Watch(session).with(() -> {
                events.next().forEach(this::print);
                return events.hasMore();
            });
        } else if (events.isEmpty() && !session.json()) {
            session.output().line("There are no events yet.");
        }
        return 0;
    }

    private void print(LogEvent event) {
        if (session.json()) {
            session.output().jsonLine(event.json());
        } else {
            session.output().line(event.line());
        }
    }
}
