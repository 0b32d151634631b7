package dev.jeton.management;

import dev.jeton.http.Form;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The text that a list is searched for: a part of a name or the beginning of an id, whatever its case. No character of it
 * means anything else.
 *
 * <p>It is looked for in memory: the two databases fold no letters alike, and SQLite none beyond ASCII.
 */
public final class Search {
    private static final String NAME = "search";
    /** As long as a name may be. */
    private static final int MAX_LENGTH = 255;

    private final String folded;

    private Search(String folded) {
        this.folded = folded;
    }

    /** The parameter of a list; {@code beginning} says what is found by its beginning. */
    public static Operation.Parameter parameter(String beginning) {
        return new Operation.Parameter(
                NAME,
                Schema.text(0, MAX_LENGTH),
                "A part of the name, or the beginning of " + beginning + ", in any case.");
    }

    /** What a query searches for; empty if there is nothing but white space. */
    public static Optional<Search> of(Form query) {
        return query.first(NAME)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(Search::of);
    }

    static Search of(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        text.chars().forEach(c -> folded.append(fold((char) c)));
        return new Search(folded.toString());
    }

    public boolean isPartOf(@Nullable String name) {
        if (name == null) {
            return false;
        }
        for (int start = 0; start <= name.length() - folded.length(); start++) {
            if (stands(name, start)) {
                return true;
            }
        }
        return false;
    }

    public boolean begins(String id) {
        return id.length() >= folded.length() && stands(id, 0);
    }

    /** Without a copy of what is searched: a search looks at every name there is. */
    private boolean stands(String text, int start) {
        for (int i = 0; i < folded.length(); i++) {
            if (fold(text.charAt(start + i)) != folded.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Up, then down: of some letters there are two small ones, as of the Greek sigma. */
    private static char fold(char c) {
        if (c < 128) {
            return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    /**
     * What was found, and the parts of that list which a {@link Page} asks for.
     *
     * @param order of a list by pages; one by checkpoints is in the order of the ids
     */
    public record Matches(List<String> ids, Comparator<String> order) {
        public List<String> page(int offset, int limit) {
            List<String> first = first(ids.stream(), order, offset + limit);
            return first.subList(Math.min(offset, first.size()), first.size());
        }

        /** Those behind that id. */
        public List<String> after(String id, int limit) {
            return first(ids.stream().filter(found -> found.compareTo(id) > 0), Comparator.naturalOrder(), limit);
        }

        /** Not all are put in order: a single letter finds a hundred thousand, of whom a page shows fifty. */
        private static List<String> first(Stream<String> ids, Comparator<String> order, int count) {
            PriorityQueue<String> kept = new PriorityQueue<>(order.reversed());
            ids.forEach(id -> {
                if (kept.size() < count) {
                    kept.add(id);
                } else if (count > 0 && order.compare(id, kept.element()) < 0) {
                    kept.remove();
                    kept.add(id);
                }
            });
            return kept.stream().sorted(order).toList();
        }
    }
}
