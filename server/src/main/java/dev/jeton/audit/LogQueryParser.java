package dev.jeton.audit;

import dev.jeton.audit.LogQuery.All;
import dev.jeton.audit.LogQuery.Any;
import dev.jeton.audit.LogQuery.Between;
import dev.jeton.audit.LogQuery.Clause;
import dev.jeton.audit.LogQuery.Exact;
import dev.jeton.audit.LogQuery.Like;
import dev.jeton.audit.LogQuery.MalformedQueryException;
import dev.jeton.audit.LogQuery.Not;
import dev.jeton.audit.LogQuery.Term;
import dev.jeton.audit.LogQuery.Test;
import dev.jeton.audit.LogQuery.Time;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query by recursive descent: alternatives of conjunctions of terms. Terms side by side are alternatives, as
 * Lucene has it, except those that are to be or not to be by a sign or NOT.
 */
final class LogQueryParser {
    private static final int MAX_LENGTH = 4_000;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_TERMS = 200;
    /** A wildcard that does not stand at the end looks at every event. */
    private static final int MIN_LITERAL = 3;

    private static final String HOSTNAME = "hostname";
    private static final Instant OPEN_END = Instant.parse("9999-12-31T00:00:00Z");

    private final String text;
    private final String hostname;
    private int at;
    private int depth;
    private int terms;

    LogQueryParser(String text, String hostname) {
        this.text = text;
        this.hostname = hostname;
    }

    Clause parse() throws MalformedQueryException {
        if (text.length() > MAX_LENGTH) {
            throw new MalformedQueryException("a query has at most " + MAX_LENGTH + " characters");
        }
        Clause clause = alternatives(List.of());
        if (at < text.length()) {
            throw new MalformedQueryException("')' without '(' at character " + (at + 1));
        }
        return clause;
    }

    /** @param fields that the terms within are of; empty: each says its own */
    private Clause alternatives(List<String> fields) throws MalformedQueryException {
        if (++depth > MAX_DEPTH) {
            throw new MalformedQueryException("parentheses are nested at most " + MAX_DEPTH + " deep");
        }
        List<Clause> any = new ArrayList<>();
        List<Clause> all = new ArrayList<>();
        boolean afterOr = false;
        while (!isAtEnd()) {
            boolean isRequired = take("+");
            Clause clause = conjunction(fields);
            boolean beforeOr = takeWord("OR") || take("||");
            if (!afterOr && !beforeOr && (isRequired || clause instanceof Not)) {
                all.add(clause);
            } else {
                any.add(clause);
            }
            afterOr = beforeOr;
            if (afterOr && isAtEnd()) {
                throw new MalformedQueryException("nothing follows OR");
            }
        }
        depth--;
        if (any.isEmpty() && all.isEmpty()) {
            throw new MalformedQueryException("a term is missing at character " + (at + 1));
        }
        if (!any.isEmpty() && all.stream().allMatch(Not.class::isInstance)) {
            all.add(new Any(any));
        }
        return all.isEmpty() ? new Any(any) : new All(all);
    }

    private Clause conjunction(List<String> fields) throws MalformedQueryException {
        List<Clause> all = new ArrayList<>(List.of(negation(fields)));
        while (takeWord("AND") || take("&&")) {
            all.add(negation(fields));
        }
        return all.size() == 1 ? all.getFirst() : new All(all);
    }

    private Clause negation(List<String> fields) throws MalformedQueryException {
        if (isAtEnd()) {
            throw new MalformedQueryException("a term is missing at character " + (at + 1));
        }
        return takeWord("NOT") || take("!") || take("-") ? new Not(group(fields)) : group(fields);
    }

    private Clause group(List<String> fields) throws MalformedQueryException {
        if (isAtEnd()) {
            throw new MalformedQueryException("a term is missing at character " + (at + 1));
        }
        if (take("(")) {
            return closed(fields);
        }
        if (++terms > MAX_TERMS) {
            throw new MalformedQueryException("a query has at most " + MAX_TERMS + " terms");
        }
        return fields.isEmpty() && startsWithField() ? fieldTerm() : value(fields.isEmpty() ? LogQuery.BARE : fields);
    }

    private boolean startsWithField() {
        int end = at;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end > at && end < text.length() && text.charAt(end) == ':';
    }

    private Clause fieldTerm() throws MalformedQueryException {
        int colon = text.indexOf(':', at);
        String field = text.substring(at, colon);
        if (!LogQuery.FIELDS.containsKey(field) && !field.equals(HOSTNAME)) {
            throw new MalformedQueryException("there is no field '" + field + "'; there are " + HOSTNAME + ", "
                    + LogQuery.FIELDS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        at = colon + 1;
        List<String> fields = List.of(field);
        return take("(") ? closed(fields) : value(fields);
    }

    private Clause closed(List<String> fields) throws MalformedQueryException {
        Clause clause = alternatives(fields);
        if (!take(")")) {
            throw new MalformedQueryException("'(' without ')'");
        }
        return clause;
    }

    private Clause value(List<String> fields) throws MalformedQueryException {
        if (at == text.length()) {
            throw new MalformedQueryException("a value is missing at the end");
        }
        boolean isDate = fields.equals(List.of("date"));
        return switch (text.charAt(at)) {
            case '[', '{' -> range(fields, isDate);
            case '"' -> {
                String phrase = phrase();
                yield isDate ? time(phrase, phrase, true, true) : term(fields, new Exact(phrase));
            }
            default -> word(fields, isDate);
        };
    }

    /** All events have one host name, so a term about it is true of all or of none. */
    private Clause term(List<String> fields, Test test) {
        if (fields.equals(List.of(HOSTNAME))) {
            return test.passes(hostname) ? new All(List.of()) : new Any(List.of());
        }
        return new Term(fields, test);
    }

    private String phrase() throws MalformedQueryException {
        StringBuilder phrase = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                at = i + 1;
                return phrase.toString();
            }
            if (c == '\\' && i + 1 < text.length()) {
                c = text.charAt(++i);
            }
            phrase.append(c);
        }
        throw new MalformedQueryException("a quotation mark is not closed");
    }

    private Clause word(List<String> fields, boolean isDate) throws MalformedQueryException {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int from = at;
        while (at < text.length() && " \t\n\r()\"[]{}".indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at++);
            if (c == '*') {
                parts.add(part.toString());
                part.setLength(0);
            } else if (c == '\\' && at < text.length()) {
                part.append(text.charAt(at++));
            } else {
                part.append(c);
            }
        }
        if (at == from) {
            throw new MalformedQueryException("'" + text.charAt(at) + "' at character " + (at + 1) + " begins no term");
        }
        parts.add(part.toString());
        if (isDate && parts.size() == 1) {
            return time(parts.getFirst(), parts.getFirst(), true, true);
        }
        return term(fields, test(parts));
    }

    private static Test test(List<String> parts) throws MalformedQueryException {
        if (parts.size() == 1) {
            return new Exact(parts.getFirst());
        }
        boolean isPrefix = parts.size() == 2 && parts.getLast().isEmpty();
        int literal = parts.stream().mapToInt(String::length).sum();
        if (!isPrefix && literal < MIN_LITERAL) {
            throw new MalformedQueryException(
                    "a wildcard that is not at the end needs at least " + MIN_LITERAL + " other characters");
        }
        return new Like(List.copyOf(parts));
    }

    private Clause range(List<String> fields, boolean isDate) throws MalformedQueryException {
        boolean fromInclusive = text.charAt(at) == '[';
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != ']' && text.charAt(end) != '}') {
            end++;
        }
        if (end == text.length()) {
            throw new MalformedQueryException("a range is not closed");
        }
        boolean toInclusive = text.charAt(end) == ']';
        String[] ends = text.substring(at + 1, end).strip().split("\\s+(?:TO|to)\\s+", -1);
        at = end + 1;
        if (ends.length != 2 || ends[0].isBlank() || ends[1].isBlank()) {
            throw new MalformedQueryException("a range is [a TO b] or {a TO b}, with * for an open end");
        }
        String from = bound(ends[0]);
        String to = bound(ends[1]);
        return isDate
                ? time(from, to, fromInclusive, toInclusive)
                : term(fields, new Between(from, fromInclusive, to, toInclusive));
    }

    private static @Nullable String bound(String text) {
        String stripped = text.strip();
        boolean isQuoted = stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"");
        return stripped.equals("*") ? null : isQuoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }

    private static Time time(@Nullable String from, @Nullable String to, boolean fromInclusive, boolean toInclusive)
            throws MalformedQueryException {
        return new Time(
                from == null
                        ? Instant.EPOCH
                        : fromInclusive ? span(from).from() : span(from).to(),
                to == null ? OPEN_END : toInclusive ? span(to).to() : span(to).from());
    }

    /** The time that a date stands for: a year, a month, a day, or a time of day down to its last digit. */
    private static Time span(String date) throws MalformedQueryException {
        try {
            return switch (date.length()) {
                case 4 -> days(LocalDate.of(Integer.parseInt(date), 1, 1), ChronoUnit.YEARS);
                case 7 -> days(YearMonth.parse(date).atDay(1), ChronoUnit.MONTHS);
                case 10 -> days(LocalDate.parse(date), ChronoUnit.DAYS);
                default -> moment(date.toUpperCase(Locale.ROOT));
            };
        } catch (DateTimeException | NumberFormatException _) {
            throw new MalformedQueryException(
                    "'" + date + "' is no date: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.SSS]][Z]");
        }
    }

    private static Time days(LocalDate first, ChronoUnit unit) {
        return new Time(midnight(first), midnight(first.plus(1, unit)));
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Time moment(String date) {
        String local = date.endsWith("Z") ? date.substring(0, date.length() - 1) : date;
        Instant from = LocalDateTime.parse(local).toInstant(ZoneOffset.UTC);
        ChronoUnit unit = switch (local.length()) {
            case 16 -> ChronoUnit.MINUTES;
            case 19 -> ChronoUnit.SECONDS;
            default -> ChronoUnit.MILLIS;
        };
        return new Time(from, from.plus(1, unit));
    }

    /** Whether nothing follows in this group; skips white space. */
    private boolean isAtEnd() {
        skipSpace();
        return at == text.length() || text.charAt(at) == ')';
    }

    private boolean take(String symbol) {
        skipSpace();
        if (text.startsWith(symbol, at)) {
            at += symbol.length();
            return true;
        }
        return false;
    }

    private boolean takeWord(String word) {
        skipSpace();
        int end = at + word.length();
        if (text.startsWith(word, at)
                && (end == text.length() || Character.isWhitespace(text.charAt(end)) || text.charAt(end) == '(')) {
            at = end;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
