package dev.jeton.oauth;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Scope values in an order, none twice, RFC 6749 §3.3; may be empty. */
public final class ScopeSet {
    public static final ScopeSet EMPTY = new ScopeSet(List.of(), "");

    /** A list, not a hash set: grants hold a handful of values, and a million grants are kept in memory. */
    private final List<String> values;

    private final String text;

    private ScopeSet(List<String> values, String text) {
        this.values = values;
        this.text = text;
    }

    /** The values in their order; repeated ones count once. */
    public static ScopeSet of(Collection<String> values) {
        if (values.isEmpty()) {
            return EMPTY;
        }
        List<String> distinct = List.copyOf(new LinkedHashSet<>(values));
        return new ScopeSet(distinct, String.join(" ", distinct));
    }

    /** Reads values separated by spaces; more than one space separates as one does. */
    public static ScopeSet parse(String text) {
        List<String> values = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int space = text.indexOf(' ', start);
            int end = space < 0 ? text.length() : space;
            if (end > start) {
                values.add(text.substring(start, end));
            }
            start = end + 1;
        }
        return of(values);
    }

    /**
     * Whether it can be one value of a scope, RFC 6749 §3.3: no spaces, quotes, backslashes or control characters. Unlike
     * there, letters beyond ASCII are let pass, but no halves of them.
     */
    public static boolean isValue(String text) {
        return !text.isEmpty()
                && text.codePoints()
                        .noneMatch(c -> c == ' '
                                || c == '"'
                                || c == '\\'
                                || Character.isISOControl(c)
                                || Character.getType(c) == Character.SURROGATE);
    }

    public List<String> values() {
        return values;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean contains(String value) {
        return values.contains(value);
    }

    /** The values of this set that {@code granted} does not hold. */
    public ScopeSet without(ScopeSet granted) {
        return of(values.stream().filter(value -> !granted.contains(value)).toList());
    }

    /** The values of this set that {@code other} holds too, in this set's order. */
    public ScopeSet intersect(ScopeSet other) {
        return of(values.stream().filter(other::contains).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScopeSet set && values.equals(set.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The values joined by single spaces, as in the {@code scope} claim. */
    @Override
    public String toString() {
        return text;
    }
}
