package dev.jeton.management;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a change did beside what it was asked for, as its record says it.
 *
 * @param name what happened to what, such as {@code client_grants_deleted}
 * @param count of all that it happened to
 * @param items the first of them, {@link #MOST_ITEMS} at most; without secrets
 */
public record Effect(String name, int count, List<JsonNode> items) {
    /** A record names no more; it has the count of all. */
    public static final int MOST_ITEMS = 50;

    public Effect {
        items = List.copyOf(items);
    }

    /** On all of these; each is described in the empty object that {@code json} is given. */
    public static <T> Effect on(String name, List<T> all, Described<T> json) {
        return onSome(name, all.size(), all.stream().limit(MOST_ITEMS).toList(), json);
    }

    /** On {@code count} of which these are the first. */
    public static <T> Effect onSome(String name, int count, List<T> first, Described<T> json) {
        Function<T, JsonNode> described = item -> {
            ObjectNode object = JsonMapper.shared().createObjectNode();
            json.into(object, item);
            return object;
        };
        return new Effect(name, count, first.stream().map(described).toList());
    }

    /** Writes what tells an item. */
    @FunctionalInterface
    public interface Described<T> {
        void into(ObjectNode json, T item);
    }
}
