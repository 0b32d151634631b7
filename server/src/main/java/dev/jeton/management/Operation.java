package dev.jeton.management;

import dev.jeton.http.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/**
 * One operation of the management API: what mounts it, what {@code openapi.json} says of it, and what tests derive from it.
 *
 * @param pattern below {@code /api/v2}
 * @param summary what it does, as Auth0 summarises it: "Create a client"
 * @param anyOf the scopes of which a caller needs one
 * @param query the parameters that it reads
 * @param body what its request's body may be, and not be there if it may be null; empty if it reads none
 * @param answers its successes
 */
public record Operation(
        String method,
        String pattern,
        String summary,
        List<String> anyOf,
        List<Parameter> query,
        Optional<Schema> body,
        List<Answer> answers) {

    /** A parameter of the query; all can be left out. */
    public record Parameter(String name, Schema schema, String description) {}

    /** A status, and what the body that comes with it is; empty if there is none. */
    public record Answer(int status, Optional<Schema> body) {}

    public Operation {
        anyOf = List.copyOf(anyOf);
        query = List.copyOf(query);
        answers = List.copyOf(answers);
    }

    private static Operation of(String method, String pattern, String summary, List<String> anyOf) {
        return new Operation(method, pattern, summary, anyOf, List.of(), Optional.empty(), List.of());
    }

    public static Operation get(String pattern, String summary, List<String> anyOf) {
        return of("GET", pattern, summary, anyOf);
    }

    public static Operation post(String pattern, String summary, String scope) {
        return of("POST", pattern, summary, List.of(scope));
    }

    public static Operation put(String pattern, String summary, String scope) {
        return of("PUT", pattern, summary, List.of(scope));
    }

    public static Operation patch(String pattern, String summary, List<String> anyOf) {
        return of("PATCH", pattern, summary, anyOf);
    }

    /** Answers 204. */
    public static Operation delete(String pattern, String summary, String scope) {
        return of("DELETE", pattern, summary, List.of(scope)).answers(204);
    }

    public Operation query(List<Parameter> more) {
        List<Parameter> all = new ArrayList<>(query);
        all.addAll(more);
        return new Operation(method, pattern, summary, anyOf, all, body, answers);
    }

    public Operation query(String name, Schema schema, String description) {
        return query(List.of(new Parameter(name, schema, description)));
    }

    /** Refuses a query in which one of these parameters does not fit; of others and of empty text it says nothing. */
    void requireFits(Form sent) {
        query.forEach(parameter -> requireFits(sent, parameter.name(), parameter.schema()));
    }

    private static void requireFits(Form sent, String name, Schema schema) {
        switch (schema) {
            case Schema.Whole(long min, long max) ->
                Page.number(sent, name, Math.toIntExact(min), Math.toIntExact(max), Math.toIntExact(min));
            case Schema.Flag _ -> Page.flag(sent, name);
            case Schema.Items items -> {
                ArrayNode values = JsonNodeFactory.instance.arrayNode();
                sent.all(name).forEach(values::add);
                requireFits(items.misfit(values, name), name);
            }
            case Schema other ->
                requireFits(
                        sent.first(name)
                                .filter(text -> !text.isEmpty())
                                .flatMap(text -> other.misfit(StringNode.valueOf(text), name)),
                        name);
        }
    }

    private static void requireFits(Optional<Schema.Misfit> misfit, String name) {
        misfit.ifPresent(found -> {
            throw Page.invalid(found.detail(), name);
        });
    }

    public Operation takes(Schema schema) {
        return new Operation(method, pattern, summary, anyOf, query, Optional.of(schema), answers);
    }

    public Operation answers(int status, Schema schema) {
        return answering(new Answer(status, Optional.of(schema)));
    }

    /** Without a body. */
    public Operation answers(int status) {
        return answering(new Answer(status, Optional.empty()));
    }

    private Operation answering(Answer answer) {
        List<Answer> all = new ArrayList<>(answers);
        all.add(answer);
        return new Operation(method, pattern, summary, anyOf, query, body, all);
    }
}
