package dev.jeton.action;

import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Request;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.Schema;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which part of a list a request asks for. The lists of these routes are objects always, with zeros left out. */
record ActionPage(int number, int size) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DEFAULT_SIZE = 50;
    private static final int MAX_SIZE = 100;
    private static final int MAX_NUMBER = 1_000_000;

    static final List<Operation.Parameter> PARAMETERS = List.of(
            new Operation.Parameter("page", Schema.whole(0, MAX_NUMBER), "Which page, from 0."),
            new Operation.Parameter(
                    "per_page", Schema.whole(1, MAX_SIZE), "How many on a page; " + DEFAULT_SIZE + " unless given."));

    /** What such a list is. */
    static Schema listOf(String plural, Schema item) {
        Schema.Members page = Schema.object()
                .require(Schema.listOf(item), plural)
                .require(PARAMETERS.getLast().schema(), "per_page")
                .with(Schema.whole(0, Integer.MAX_VALUE), "total", "page");
        return item instanceof Schema.Named(String name, var _) ? page.named(name + "Page") : page;
    }

    static ActionPage of(Request request) {
        Form query = request.query();
        if (query.first("include_totals").isPresent()) {
            throw ApiError.badRequest(
                    "Query validation error: 'Additional properties not allowed: include_totals'.",
                    "invalid_query_string");
        }
        return new ActionPage(
                Page.number(query, "page", 0, MAX_NUMBER, 0),
                Page.number(query, "per_page", 1, MAX_SIZE, DEFAULT_SIZE));
    }

    int offset() {
        return number * size;
    }

    ObjectNode answer(String plural, List<ObjectNode> items, int total) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray(plural);
        items.forEach(list::add);
        if (total > 0) {
            answer.put("total", total);
        }
        if (number > 0) {
            answer.put("page", number);
        }
        return answer.put("per_page", size);
    }
}
