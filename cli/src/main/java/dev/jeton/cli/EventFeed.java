package dev.jeton.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The events of the server's log: the latest, and from then on what is new. */
final class EventFeed {
    /** As far back as the server can be asked for pages. */
    static final int WINDOW = 1_000;

    private static final int PAGE = 100;

    private final Session session;
    private final String goal;
    private String last = "";
    private boolean hasMore;

    EventFeed(Session session, String goal) {
        this.session = session;
        this.goal = goal;
    }

    /** The latest, in the order they happened. */
    List<LogEvent> latest(int count) {
        return latest(count, Math.max(count, 1), _ -> true); // for what is new, the last one's id is needed
    }

    /** The latest of those that are wanted. */
    List<LogEvent> latest(int count, Predicate<LogEvent> wanted) {
        return latest(count, PAGE, wanted);
    }

    private List<LogEvent> latest(int count, int atOnce, Predicate<LogEvent> wanted) {
        List<LogEvent> newestFirst = new ArrayList<>();
        Set<String> seen = new HashSet<>(); // what happens meanwhile moves events that were given to the next page
        int size = Math.min(atOnce, PAGE);
        List<LogEvent> events;
        int page = 0;
        do {
            events = events(ApiPath.of("logs")
                    .with("per_page", String.valueOf(size))
                    .with("page", String.valueOf(page))
                    .with("sort", "date:-1"));
            if (page == 0 && !events.isEmpty()) {
                last = events.getFirst().id();
            }
            events.stream().filter(event -> seen.add(event.id())).filter(wanted).forEach(newestFirst::add);
            page++;
        } while (newestFirst.size() < count && events.size() == size && page * size < WINDOW);
        return newestFirst.subList(0, Math.min(count, newestFirst.size())).reversed();
    }

    /** What came since the last look, oldest first, or a page of it. */
    List<LogEvent> next() {
        if (last.isEmpty()) {
            return latest(PAGE);
        }
        List<LogEvent> events = events(ApiPath.of("logs").with("from", last).with("take", String.valueOf(PAGE)));
        last = events.isEmpty() ? last : events.getLast().id();
        hasMore = events.size() == PAGE;
        return events;
    }

    /** Whether there was nothing in the log yet. */
    boolean isEmpty() {
        return last.isEmpty();
    }

    /** Whether the last look may have left something. */
    boolean hasMore() {
        return hasMore;
    }

    private List<LogEvent> events(ApiPath path) {
        return session.api().get(goal, path).values().stream()
                .map(LogEvent::new)
                .toList();
    }
}
