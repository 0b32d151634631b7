package dev.jeton.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which log events the {@code q} of {@code GET /logs} asks for: the part of Lucene's syntax that Auth0 documents. Fields
 * are compared whole and in their case.
 */
public final class LogQuery {
    /** Every event. */
    public static final LogQuery ALL = new LogQuery(new All(List.of()));

    /** A query that cannot be read; the message says why. */
    public static final class MalformedQueryException extends Exception {
        MalformedQueryException(String message) {
            super(message, null, false, false);
        }
    }

    /** What an event has of each field that can be asked for; of some, Jeton's events never have anything. */
    static final Map<String, Function<LogEvent, Optional<String>>> FIELDS = Map.ofEntries(
            Map.entry("client_id", event -> Optional.ofNullable(event.clientId())),
            Map.entry("client_name", event -> Optional.ofNullable(event.clientName())),
            Map.entry("description", event -> Optional.of(event.description())),
            Map.entry("date", event -> Optional.of(event.date())),
            Map.entry("ip", event -> Optional.of(event.ip())),
            Map.entry("log_id", event -> Optional.of(event.logId())),
            Map.entry("type", event -> Optional.of(event.type())),
            Map.entry("user_agent", event -> Optional.ofNullable(event.userAgent())),
            Map.entry("audience", event -> Optional.ofNullable(event.audience())),
            Map.entry(
                    "reason_code", event -> event.details().path("reason_code").stringValueOpt()),
            Map.entry("connection", _ -> Optional.empty()),
            Map.entry("connection_id", _ -> Optional.empty()),
            Map.entry("organization_id", _ -> Optional.empty()),
            Map.entry("strategy", _ -> Optional.empty()),
            Map.entry("strategy_type", _ -> Optional.empty()),
            Map.entry("user_id", event -> Optional.ofNullable(event.userId())),
            Map.entry("user_name", event -> Optional.ofNullable(event.userName())));

    /** Where a term without a field is looked for. */
    static final List<String> BARE = List.of("client_name", "user_name", "description", "ip", "log_id", "type");

    /** A part of a query. */
    sealed interface Clause {
        boolean matches(LogEvent event);
    }

    record All(List<Clause> clauses) implements Clause {
        @Override
        public boolean matches(LogEvent event) {
            return clauses.stream().allMatch(clause -> clause.matches(event));
        }
    }

    record Any(List<Clause> clauses) implements Clause {
        @Override
        public boolean matches(LogEvent event) {
            return clauses.stream().anyMatch(clause -> clause.matches(event));
        }
    }

    record Not(Clause clause) implements Clause {
        @Override
        public boolean matches(LogEvent event) {
            return !clause.matches(event);
        }
    }

    /** One of these fields passes the test. */
    record Term(List<String> fields, Test test) implements Clause {
        @Override
        public boolean matches(LogEvent event) {
            return fields.stream()
                    .map(FIELDS::get)
                    .flatMap(read -> read == null ? Optional.<String>empty().stream() : read.apply(event).stream())
                    .anyMatch(test::passes);
        }

        private boolean isOf(String field) {
            return fields.equals(List.of(field));
        }
    }

    /** The time of an event lies there: from inclusive, to exclusive. */
    record Time(Instant from, Instant to) implements Clause {
        @Override
        public boolean matches(LogEvent event) {
            return !event.at().isBefore(from) && event.at().isBefore(to);
        }
    }

    /** What a field's value must be. */
    sealed interface Test {
        boolean passes(String value);
    }

    record Exact(String wanted) implements Test {
        @Override
        public boolean passes(String value) {
            return value.equals(wanted);
        }
    }

    /** The parts, in this order, with anything between them: {@code a*b} has two, {@code a*} has {@code a} and nothing. */
    record Like(List<String> parts) implements Test {
        @Override
        public boolean passes(String value) {
            String first = parts.getFirst();
            String last = parts.getLast();
            if (value.length() < first.length() + last.length() || !value.startsWith(first) || !value.endsWith(last)) {
                return false;
            }
            int at = first.length();
            int end = value.length() - last.length();
            for (String part : parts.subList(1, parts.size() - 1)) {
                int found = value.indexOf(part, at);
                if (found < 0 || found + part.length() > end) {
                    return false;
                }
                at = found + part.length();
            }
            return true;
        }
    }

    /** Between two values as text sorts; null is an open end. */
    record Between(
            @Nullable String from,
            boolean fromInclusive,
            @Nullable String to,
            boolean toInclusive) implements Test {
        @Override
        public boolean passes(String value) {
            int low = from == null ? 1 : value.compareTo(from);
            int high = to == null ? -1 : value.compareTo(to);
            return (low > 0 || (low == 0 && fromInclusive)) && (high < 0 || (high == 0 && toInclusive));
        }
    }

    /** How much later than its time an event may stand in the log, which finds it by its place. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final Clause clause;

    private LogQuery(Clause clause) {
        this.clause = clause;
    }

    /**
     * Reads a query.
     *
     * @param hostname what all events have as such
     * @throws MalformedQueryException if it is none
     */
    public static LogQuery parse(String text, String hostname) throws MalformedQueryException {
        return text.isBlank() ? ALL : new LogQuery(new LogQueryParser(text, hostname).parse());
    }

    boolean matches(LogEvent event) {
        return clause.matches(event);
    }

    /** What every event that matches has in common, as far as the log finds it without looking at each event. */
    LogFilter filter() {
        String client = null;
        String type = null;
        Instant from = null;
        Instant to = null;
        String fromLogId = null;
        String toLogId = null;
        for (Clause part : conjuncts()) {
            switch (part) {
                case Term term
                when term.isOf("client_id") && term.test() instanceof Exact(String wanted) -> client = wanted;
                case Term term when term.isOf("type") && term.test() instanceof Exact(String wanted) -> type = wanted;
                case Term term
                when term.isOf("log_id") && term.test() instanceof Between between -> {
                    fromLogId = isLogId(between.from()) ? between.from() : fromLogId;
                    toLogId = isLogId(between.to()) ? between.to() : toLogId;
                }
                case Time time -> {
                    from = time.from();
                    to = time.to();
                }
                case Term _, All _, Any _, Not _ -> {}
            }
        }
        return new LogFilter(client, type, from, to == null ? null : to.plus(LATE), fromLogId, toLogId);
    }

    private static boolean isLogId(@Nullable String end) {
        return end != null && LogPosition.parse(end).isPresent();
    }

    private List<Clause> conjuncts() {
        List<Clause> found = new ArrayList<>();
        List<Clause> open = new ArrayList<>(List.of(clause));
        while (!open.isEmpty()) {
            Clause next = open.removeLast();
            if (next instanceof All(List<Clause> clauses)) {
                open.addAll(clauses);
            } else if (next instanceof Any(List<Clause> clauses) && clauses.size() == 1) {
                open.addAll(clauses);
            } else {
                found.add(next);
            }
        }
        return found;
    }
}
