package dev.jeton.management;

import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which part of a list a request asks for, in one of two styles: by {@code page} and {@code per_page}, or by checkpoint
 * with {@code take} and {@code from}, which wins.
 */
public final class Page {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DEFAULT_SIZE = 50;
    private static final int MAX_SIZE = 100;
    private static final int MAX_PAGE = 1_000_000;

    /** The parameters of both styles. */
    public static final List<Operation.Parameter> PARAMETERS = List.of(
            new Operation.Parameter("page", Schema.whole(0, MAX_PAGE), "Which page, from 0."),
            new Operation.Parameter("per_page", Schema.whole(0, MAX_SIZE), "How many on a page; 50 unless given."),
            new Operation.Parameter(
                    "include_totals", Schema.flag(), "Whether the list stands in an object with totals."),
            new Operation.Parameter("take", Schema.whole(1, MAX_SIZE), "How many; goes on by checkpoint."),
            new Operation.Parameter("from", Schema.text(), "The checkpoint: what the answer before named as next."));

    /** What a list of both styles is: bare, with totals, or with a checkpoint. */
    public static Schema listOf(String plural, Schema item) {
        Schema items = Schema.listOf(item);
        Schema withTotals = Schema.object()
                .require(Schema.whole(0, Long.MAX_VALUE), "total", "start", "limit")
                .require(items, plural);
        Schema fromCheckpoint = Schema.object().require(items, plural).with(Schema.text(), "next");
        return item instanceof Schema.Named(String name, var _)
                ? Schema.eitherOf(items, withTotals.named(name + "Page"), fromCheckpoint.named(name + "CheckpointPage"))
                : Schema.eitherOf(items, withTotals, fromCheckpoint);
    }

    private final boolean isCheckpoint;
    private final String after;
    private final int page;
    private final int size;
    private final boolean withTotals;
    private final FieldSelection fields;

    private Page(boolean isCheckpoint, String after, int page, int size, boolean withTotals, FieldSelection fields) {
        this.isCheckpoint = isCheckpoint;
        this.after = after;
        this.page = page;
        this.size = size;
        this.withTotals = withTotals;
        this.fields = fields;
    }

    public static Page of(Request request) {
        Form query = request.query();
        boolean isCheckpoint =
                query.first("take").isPresent() || query.first("from").isPresent();
        return isCheckpoint
                ? new Page(
                        true,
                        query.first("from").orElse(""),
                        0,
                        number(query, "take", 1, MAX_SIZE, DEFAULT_SIZE),
                        false,
                        FieldSelection.of(query))
                : new Page(
                        false,
                        "",
                        number(query, "page", 0, MAX_PAGE, 0),
                        number(query, "per_page", 0, MAX_SIZE, DEFAULT_SIZE),
                        flag(query, "include_totals").orElse(false),
                        FieldSelection.of(query));
    }

    /** A number in a query, within bounds. */
    public static int number(Form query, String name, int min, int max, int otherwise) {
        Optional<String> text = query.first(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= min && value <= max) {
                return value;
            }
            throw invalid(
                    value < min
                            ? "Value " + value + " is less than minimum " + min
                            : "Value " + value + " is greater than maximum " + max,
                    name);
        } catch (NumberFormatException e) {
            throw invalid("Expected type integer but found type string", name);
        }
    }

    /** A truth value in a query; empty if it is not there. */
    public static Optional<Boolean> flag(Form query, String name) {
        return query.first(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("Expected type boolean but found type string", name);
        });
    }

    /** The refusal of a query, in the words of Auth0's validator. */
    public static ApiError.ApiException invalid(String detail, String name) {
        return ApiError.badRequest(
                "Query validation error: '" + detail + "' on property " + name + ".", "invalid_query_string");
    }

    /** A part of a list, from an offset on. */
    @FunctionalInterface
    public interface ByOffset<T> {
        List<T> page(int offset, int limit);
    }

    /** A part of a list, behind what has that id; the empty string is before all. */
    @FunctionalInterface
    public interface ByCheckpoint<T> {
        List<T> pageAfter(String after, int limit);
    }

    /**
     * The list in the style that was asked for, with the fields that were asked for.
     *
     * @param plural the name of the list where it stands in an object
     * @param id what a checkpoint goes on from
     */
    public <T> JsonNode list(
            String plural,
            ByOffset<T> byOffset,
            ByCheckpoint<T> byCheckpoint,
            IntSupplier total,
            Function<T, String> id,
            Function<T, ObjectNode> json) {
        if (!isCheckpoint) {
            ArrayNode items = JSON.createArrayNode();
            byOffset.page(page * size, size).forEach(item -> items.add(fields.apply(json.apply(item))));
            return withTotals ? totals(plural, items, total.getAsInt()) : items;
        }
        // One more than asked tells whether there is a next page.
        List<T> found = byCheckpoint.pageAfter(after, size + 1);
        List<T> shown = found.size() > size ? found.subList(0, size) : found;
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode items = answer.putArray(plural);
        shown.forEach(item -> items.add(fields.apply(json.apply(item))));
        if (found.size() > size) {
            answer.put("next", id.apply(shown.getLast()));
        }
        return answer;
    }

    private ObjectNode totals(String plural, ArrayNode items, int total) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("total", total).put("start", page * size).put("limit", size).set(plural, items);
        return answer;
    }
}
