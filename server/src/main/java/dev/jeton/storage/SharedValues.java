package dev.jeton.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Values of columns that many rows have in common, such as a list of scopes: each text is read once, and its value kept
 * once. Begins anew when there are too many different ones.
 */
public final class SharedValues<T> {
    private static final int MOST = 4_096;
    /** Longer texts are not worth keeping: few rows have the same. */
    private static final int LONGEST = 1_024;

    private final Function<String, T> reader;
    private final Map<String, T> values = new ConcurrentHashMap<>();

    /** @param reader its values are shared, so they must not change */
    public SharedValues(Function<String, T> reader) {
        this.reader = reader;
    }

    public T of(String text) {
        T known = values.get(text);
        if (known != null) {
            return known;
        }
        T value = reader.apply(text);
        if (text.length() <= LONGEST) {
            if (values.size() >= MOST) {
                values.clear();
            }
            values.put(text, value);
        }
        return value;
    }
}
