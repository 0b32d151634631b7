package dev.jeton.management;

import dev.jeton.management.Operation.Answer;
import dev.jeton.management.Operation.Parameter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The management API as an OpenAPI 3.1 document, whose schemas are those by which requests are checked. */
public final class OpenApi {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{(\\w+)}");
    /** Of a summary: its words, as far as it says what is done; "'s" and articles are none. */
    private static final Pattern WORD =
            Pattern.compile("\\G[^A-Za-z0-9:]*(?:(?:an?|the|s)\\b[^A-Za-z0-9:]*)*([A-Za-z0-9]+)");

    private static final String SCHEMAS = "#/components/schemas/";
    private static final String RESPONSES = "#/components/responses/";
    private static final Map<Integer, String> REFUSALS = new TreeMap<>(Map.of(
            400, "The request does not fit; the message names the field.",
            401, "No token and no session, or none that is valid.",
            403,
                    "The caller lacks a scope or would give more than it holds, or another site may have asked by an administrator's browser.",
            404, "There is no such thing.",
            409, "It is there already, or cannot be changed in this state.",
            412, "It has changed since it was read with the ETag in If-Match.",
            413, "The body is too long.",
            429, "Too many requests in this second.",
            503, "The database cannot be used now."));

    private OpenApi() {}

    /** The document; its server is the one that serves it. */
    public static ObjectNode document(List<Operation> operations) {
        ObjectNode document = JSON.createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Jeton management API")
                .put("version", "2")
                .put(
                        "description",
                        "The machine-to-machine part of Auth0's Management API v2, as Jeton speaks it. What differs is in"
                                + " docs/divergences.md.")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("identifier", "Apache-2.0");
        document.putArray("servers").addObject().put("url", "/api/v2");
        ArrayNode security = document.putArray("security");
        security.addObject().putArray("bearer");
        security.addObject().putArray("session");
        ObjectNode paths = document.putObject("paths");
        List<Operation> all = withNamedBodies(operations);
        for (Operation operation : all) {
            ObjectNode path = paths.has(operation.pattern())
                    ? (ObjectNode) paths.get(operation.pattern())
                    : paths.putObject(operation.pattern());
            path.set(operation.method().toLowerCase(Locale.ROOT), operation(operation));
        }
        ObjectNode components = document.putObject("components");
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("bearer").put("type", "http").put("scheme", "bearer").put("bearerFormat", "JWT");
        schemes.putObject("session")
                .put("type", "apiKey")
                .put("in", "cookie")
                .put("name", "__Host-jeton-session")
                .put(
                        "description",
                        "An administrator's, of the dashboard, with the scopes of the role. Methods other than GET and HEAD also"
                                + " need X-CSRF-Token, as GET /dashboard/session gives it. Not looked at where there is an"
                                + " Authorization header.");
        Map<String, Schema> named = new LinkedHashMap<>(Map.of("Error", error()));
        for (Operation operation : all) {
            operation.body().ifPresent(body -> collect(body, named));
            operation.answers().forEach(answer -> answer.body().ifPresent(body -> collect(body, named)));
        }
        ObjectNode schemas = components.putObject("schemas");
        named.forEach((name, schema) -> schemas.set(name, schema(schema)));
        ObjectNode responses = components.putObject("responses");
        REFUSALS.forEach((status, description) -> responses
                .putObject(Integer.toString(status))
                .put("description", description)
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", SCHEMAS + "Error"));
        return document;
    }

    /**
     * The same, where each body that is an object has a name of its own, or by its operation: a client that is generated has
     * then a type to speak of. What is the same has the name that it got first.
     */
    private static List<Operation> withNamedBodies(List<Operation> operations) {
        Map<Schema, Schema> named = new HashMap<>();
        return operations.stream()
                .map(operation -> {
                    String id = operationId(operation);
                    String name = Character.toUpperCase(id.charAt(0)) + id.substring(1);
                    return new Operation(
                            operation.method(),
                            operation.pattern(),
                            operation.summary(),
                            operation.anyOf(),
                            operation.query(),
                            operation.body().map(body -> named(body, name + "Request", named)),
                            operation.answers().stream()
                                    .map(answer -> new Answer(
                                            answer.status(),
                                            answer.body().map(body -> named(body, name + "Response", named))))
                                    .toList());
                })
                .toList();
    }

    private static Schema named(Schema body, String name, Map<Schema, Schema> before) {
        return switch (body) {
            case Schema.Members members
            when !members.known().isEmpty() -> before.computeIfAbsent(members, _ -> members.named(name));
            case Schema.OrNull(Schema inner) -> named(inner, name, before).orNull();
            case Schema other -> other;
        };
    }

    /** Adds all schemas that have a name. */
    private static void collect(Schema schema, Map<String, Schema> named) {
        switch (schema) {
            case Schema.Named(String name, Schema inner) -> {
                Schema before = named.putIfAbsent(name, inner);
                if (before != null && !before.equals(inner)) {
                    throw new IllegalStateException("two schemas have the name " + name);
                }
                collect(inner, named);
            }
            case Schema.Items items -> collect(items.item(), named);
            case Schema.Members members -> {
                members.known().values().forEach(member -> collect(member, named));
                members.others().ifPresent(others -> collect(others, named));
            }
            case Schema.EitherOf(List<Schema> all) -> all.forEach(one -> collect(one, named));
            case Schema.OrNull(Schema inner) -> collect(inner, named);
            case Schema.Text _, Schema.Flag _, Schema.Whole _, Schema.Amount _, Schema.Anything _ -> {}
        }
    }

    /** What every refusal is. */
    static Schema error() {
        return Schema.object()
                .require(Schema.whole(400, 599), "statusCode")
                .require(Schema.text(), "error", "message")
                .with(Schema.text(), "errorCode")
                .with(Schema.object().require(Schema.text(), "error"), "attributes");
    }

    private static ObjectNode operation(Operation operation) {
        ObjectNode json = JSON.createObjectNode();
        json.put("operationId", operationId(operation));
        json.put("summary", operation.summary());
        json.put("description", "Needs one of the scopes: " + String.join(", ", operation.anyOf()) + ".");
        json.putArray("tags").add(operation.pattern().split("/", 3)[1]);
        parameters(operation, json);
        operation
                .body()
                .ifPresent(body -> json.putObject("requestBody")
                        .put("required", !(body instanceof Schema.OrNull))
                        .putObject("content")
                        .putObject("application/json")
                        .set("schema", schema(body)));
        ObjectNode responses = json.putObject("responses");
        operation.answers().forEach(answer -> answer(responses, answer));
        refusals(operation)
                .forEach(status -> responses.putObject(Integer.toString(status)).put("$ref", RESPONSES + status));
        return json;
    }

    /** What it does, as the name of a function: {@code getClientCredentials}. */
    private static String operationId(Operation operation) {
        Matcher words = WORD.matcher(operation.summary());
        StringBuilder id = new StringBuilder();
        while (words.find()) {
            String word = words.group(1).toLowerCase(Locale.ROOT);
            id.append(id.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return id.toString();
    }

    private static void parameters(Operation operation, ObjectNode json) {
        ArrayNode parameters = json.putArray("parameters");
        Matcher names = PATH_PARAMETER.matcher(operation.pattern());
        while (names.find()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", names.group(1))
                    .put("in", "path")
                    .put("required", true);
            parameter.putObject("schema").put("type", "string");
        }
        for (Parameter query : operation.query()) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", query.name())
                    .put("in", "query")
                    .put("description", query.description());
            parameter.set("schema", schema(query.schema()));
        }
    }

    private static void answer(ObjectNode responses, Answer answer) {
        ObjectNode response = responses.putObject(Integer.toString(answer.status()));
        response.put("description", answer.body().isPresent() ? "Done." : "Done; there is no body.");
        answer.body()
                .ifPresent(body -> response.putObject("content")
                        .putObject("application/json")
                        .set("schema", schema(body)));
    }

    private static Set<Integer> refusals(Operation operation) {
        Set<Integer> statuses = new TreeSet<>(List.of(400, 401, 403, 429, 503));
        if (operation.pattern().contains("{")) {
            statuses.add(404);
        }
        if (!operation.method().equals("GET")) {
            statuses.addAll(List.of(409, 412, 413));
        }
        return statuses;
    }

    /** The same in JSON Schema 2020-12. */
    static ObjectNode schema(Schema schema) {
        ObjectNode json = JSON.createObjectNode();
        switch (schema) {
            case Schema.Text text -> {
                json.put("type", "string");
                putUnless(json, "minLength", text.minLength(), 0);
                putUnless(json, "maxLength", text.maxLength(), Schema.MAX_TEXT);
                text.pattern().ifPresent(pattern -> json.put("pattern", pattern.pattern()));
                if (!text.values().isEmpty()) {
                    text.values().forEach(json.putArray("enum")::add);
                }
                if (!text.hint().isEmpty()) {
                    json.put("description", text.hint());
                }
            }
            case Schema.Flag _ -> json.put("type", "boolean");
            case Schema.Whole whole -> {
                json.put("type", "integer");
                putUnless(json, "minimum", whole.min(), Long.MIN_VALUE);
                putUnless(json, "maximum", whole.max(), Long.MAX_VALUE);
            }
            case Schema.Amount amount -> {
                json.put("type", "number").put("minimum", amount.min());
                if (amount.max() != Double.MAX_VALUE) {
                    json.put("maximum", amount.max());
                }
            }
            case Schema.Items items -> {
                json.put("type", "array").set("items", schema(items.item()));
                putUnless(json, "minItems", items.min(), 0);
                putUnless(json, "maxItems", items.max(), Schema.MAX_ITEMS);
                if (items.isUnique()) {
                    json.put("uniqueItems", true);
                }
            }
            case Schema.Members members -> members(json, members);
            case Schema.Anything _ -> {}
            case Schema.Named(String name, var _) -> json.put("$ref", SCHEMAS + name);
            case Schema.EitherOf(List<Schema> schemas) -> {
                ArrayNode either = json.putArray("anyOf");
                schemas.forEach(one -> either.add(schema(one)));
            }
            case Schema.OrNull orNull -> {
                ArrayNode either = json.putArray("anyOf");
                either.add(schema(orNull.schema()));
                either.addObject().put("type", "null");
            }
        }
        return json;
    }

    private static void members(ObjectNode json, Schema.Members members) {
        json.put("type", "object");
        if (!members.known().isEmpty()) {
            ObjectNode properties = json.putObject("properties");
            members.known().forEach((name, member) -> properties.set(name, schema(member)));
        }
        if (!members.required().isEmpty()) {
            members.required().forEach(json.putArray("required")::add);
        }
        putUnless(json, "minProperties", members.min(), 0);
        putUnless(json, "maxProperties", members.max(), Schema.MAX_MEMBERS);
        members.others()
                .ifPresentOrElse(
                        others -> json.set("additionalProperties", schema(others)),
                        () -> json.put("additionalProperties", false));
    }

    private static void putUnless(ObjectNode json, String name, long value, long otherwise) {
        if (value != otherwise) {
            json.put(name, value);
        }
    }
}
