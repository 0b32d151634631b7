package dev.jeton.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a list, only those that were asked for: a statement that has room for all of them
 * ({@code :x is null or x = :x}) uses no index.
 */
public final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    /** Adds one that needs no value. */
    public Conditions and(String condition) {
        conditions.add(condition);
        return this;
    }

    /** Adds the condition that a column has that value, unless it is null. */
    public Conditions equal(String column, @Nullable Object value) {
        if (value != null) {
            conditions.add(column + " = :" + column);
            values.put(column, value);
        }
        return this;
    }

    /** They in SQL, from {@code where} on; nothing if there are none. */
    public String where() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    /** Gives a statement their values. */
    public <S extends SqlStatement<S>> S bindTo(S statement) {
        return statement.bindMap(values);
    }
}
