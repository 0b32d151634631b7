package dev.jeton.management;

import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.administrator.Browser;
import dev.jeton.administrator.Role;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every field of every body, and every parameter of every query, is tried with what the description says it may not be:
 * 400 with the field named, and nothing is changed. The cases are derived from {@code openapi.json}.
 */
class EveryFieldTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_DEPTH = 6;
    /** Strings of which one satisfies each pattern that there is. */
    private static final List<String> CANDIDATES = List.of(
            "a",
            "https://example.com/x",
            "123456789012",
            "abcdefghijkl",
            "b69a6835-57c7-4d53-b0d5-1c6ae580b6d5",
            "2033-05-13T09:33:13.000Z");
    /** Strings of which one violates each pattern that there is. */
    private static final List<String> VIOLATIONS =
            List.of("<", "ftp://x", "x y/z", "-", "über", "a b", "x".repeat(11) + "!");

    /** A body that is taken, and the path to send it to. */
    private record Target(String path, JsonNode body) {}

    private static TestServer server;
    private static JsonNode description;
    private static final Map<String, Target> TARGETS = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("JETON_HOOKS_SANDBOX", "off"));
        description = json(server.get("api/v2/openapi.json"));
        targets();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void target(String operation, String path, Object body) {
        Object sorted = body instanceof Map<?, ?> map ? new TreeMap<>(map) : body;
        TARGETS.put(operation, new Target(path, JSON.valueToTree(sorted)));
    }

    private static String made(String path, Map<String, ?> body) {
        JsonNode made = server.managed("POST", path, body);
        return made.path(made.has("client_id") ? "client_id" : "id").asString();
    }

    private static void targets() {
        Map<String, ?> client = Map.of("name", "x");
        String clientId =
                server.createClient("Every field", Map.of()).path("client_id").asString();
        target("POST /clients", "clients", client);
        target("PUT /clients/{id}", "clients/0123456789abcdefghij", client);
        target("PATCH /clients/{id}", "clients/" + clientId, client);
        Map<String, ?> credential = Map.of("credential_type", "cert_subject_dn", "subject_dn", "CN=every field");
        String credentials = "clients/" + clientId + "/credentials";
        target("POST /clients/{client_id}/credentials", credentials, credential);
        target(
                "PATCH /clients/{client_id}/credentials/{credential_id}",
                credentials + "/" + made(credentials, credential),
                Map.of("expires_at", "2033-05-13T09:33:13.000Z"));
        String api = "https://every-field.example.com";
        String apiId =
                server.createApi(api, List.of("read:x"), Map.of()).path("id").asString();
        target("POST /resource-servers", "resource-servers", Map.of("identifier", "https://new.example.com"));
        target("PATCH /resource-servers/{id}", "resource-servers/" + apiId, Map.of("name", "x"));
        String grant =
                server.createGrant(clientId, api, List.of("read:x")).path("id").asString();
        target("POST /client-grants", "client-grants", Map.of("client_id", clientId, "audience", api));
        target("PATCH /client-grants/{id}", "client-grants/" + grant, Map.of("scope", List.of()));
        target("PATCH /tenants/settings", "tenants/settings", Map.of("friendly_name", "x"));
        Map<String, ?> stream = Map.of("type", "http", "sink", Map.of("httpEndpoint", "https://siem.example.com"));
        target("POST /log-streams", "log-streams", stream);
        target("PATCH /log-streams/{id}", "log-streams/" + made("log-streams", stream), Map.of("name", "x"));
        target("POST /administrators/invitations", "administrators/invitations", Map.of("role", "viewer"));
        target(
                "PATCH /administrators/{id}",
                "administrators/"
                        + Browser.of(server, Role.VIEWER, "every-field").id(),
                Map.of("role", "viewer"));
        extensions();
    }

    private static void extensions() {
        String hook =
                "hooks/" + made("hooks", Map.of("name", "before", "script", "x", "triggerId", "credentials-exchange"));
        target("POST /hooks", "hooks", Map.of("name", "x", "script", "x", "triggerId", "credentials-exchange"));
        target("PATCH /hooks/{id}", hook, Map.of("name", "x"));
        target("POST /hooks/{id}/secrets", hook + "/secrets", Map.of("a", "b"));
        target("PATCH /hooks/{id}/secrets", hook + "/secrets", Map.of("a", "b"));
        target("DELETE /hooks/{id}/secrets", hook + "/secrets", List.of("a"));
        target("POST /hooks/{id}/test", hook + "/test", Map.of("payload", Map.of()));
        List<?> triggers = List.of(Map.of("id", "credentials-exchange"));
        String action =
                "actions/actions/" + made("actions/actions", Map.of("name", "before", "supported_triggers", triggers));
        String version =
                server.managed("POST", action + "/deploy", null).path("id").asString();
        target("POST /actions/actions", "actions/actions", Map.of("name", "x", "supported_triggers", triggers));
        target("PATCH /actions/actions/{id}", action, Map.of("name", "x"));
        target("POST /actions/actions/{id}/test", action + "/test", Map.of("payload", Map.of()));
        target(
                "POST /actions/actions/{id}/versions/{versionId}/deploy",
                action + "/versions/" + version + "/deploy",
                Map.of("update_draft", true));
        target(
                "PATCH /actions/triggers/{triggerId}/bindings",
                "actions/triggers/credentials-exchange/bindings",
                Map.of("bindings", List.of()));
    }

    private static JsonNode state() {
        ObjectNode state = JSON.createObjectNode();
        for (String list : List.of(
                "clients",
                "resource-servers",
                "client-grants",
                "hooks",
                "actions/actions",
                "log-streams",
                "administrators",
                "tenants/settings")) {
            state.set(list, server.managed("GET", list, null));
        }
        return state;
    }

    @Test
    void every_operation_that_takes_a_body_is_tried() {
        Set<String> untried = new TreeSet<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String name = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                    if (operation.getValue().has("requestBody") && !TARGETS.containsKey(name)) {
                        untried.add(name);
                    }
                }));
        assertThat(untried).isEmpty();
    }

    @TestFactory
    List<DynamicTest> a_body_that_does_not_fit_is_refused_with_its_field_named() {
        List<DynamicTest> tests = new ArrayList<>();
        TARGETS.forEach((name, target) -> tests.add(DynamicTest.dynamicTest(name, () -> tryAll(name, target))));
        return tests;
    }

    private static void tryAll(String name, Target target) {
        String method = name.substring(0, name.indexOf(' '));
        JsonNode schema = description
                .path("paths")
                .path(name.substring(name.indexOf(' ') + 1))
                .path(method.toLowerCase(Locale.ROOT))
                .at("/requestBody/content/application~1json/schema");
        JsonNode before = state();
        List<String> failures = new ArrayList<>();
        List<Misfit> misfits = new ArrayList<>();
        ofBody(plain(schema), target.body(), misfits);
        for (Misfit misfit : misfits) {
            HttpResponse<String> answer = server.manage(method, target.path(), JSON.writeValueAsString(misfit.body()));
            boolean isNamed = answer.statusCode() == 400
                    && json(answer).path("errorCode").asString("").equals("invalid_body")
                    && message(answer).contains(misfit.named())
                    && answer.body().length() < 2_500;
            if (!isNamed) {
                failures.add(misfit.what() + ": " + shortened(misfit.body().toString()) + " → " + answer.statusCode()
                        + " " + shortened(answer.body()));
            }
        }
        assertThat(failures).as(misfits.size() + " tried").isEmpty();
        assertThat(state()).isEqualTo(before);
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    /** A body that is not to be taken, and what the refusal has to name. */
    private record Misfit(String what, JsonNode body, String named) {}

    private static String on(String path) {
        return path.isEmpty() ? "" : "on property " + path;
    }

    /** A place in a body: puts a value there. */
    private interface Place {
        JsonNode with(JsonNode value);
    }

    private static void ofBody(JsonNode schema, JsonNode base, List<Misfit> found) {
        if (base instanceof ObjectNode object) {
            ofObject(schema, object, "", value -> value, 0, found);
        } else {
            ofArray(schema, "", value -> value, 0, found);
        }
    }

    private static void ofObject(
            JsonNode schema, ObjectNode base, String path, Place place, int depth, List<Misfit> found) {
        if (schema.path("additionalProperties").isBoolean()) {
            found.add(
                    new Misfit("unknown member", place.with(base.deepCopy().put("no_such_field", 1)), "no_such_field"));
        }
        schema.path("required").forEach(required -> {
            ObjectNode without = base.deepCopy();
            without.remove(required.asString());
            found.add(new Misfit("missing " + required, place.with(without), required.asString()));
        });
        Map<String, JsonNode> members = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        if (schema.path("additionalProperties").isObject()) {
            members.put("another", schema.path("additionalProperties"));
        }
        members.forEach((name, member) -> {
            Place inside = value -> {
                boolean isFull = base.size() >= schema.path("maxProperties").asInt(Integer.MAX_VALUE);
                ObjectNode object = isFull ? JSON.createObjectNode() : base.deepCopy();
                object.set(name, value);
                return place.with(object);
            };
            of(member, path.isEmpty() ? name : path + "." + name, inside, depth + 1, found);
        });
    }

    private static void of(JsonNode schema, String path, Place place, int depth, List<Misfit> found) {
        JsonNode plain = plain(schema);
        JsonNodeFactory make = JsonNodeFactory.instance;
        String type = plain.path("type").asString("");
        if (type.isEmpty() || depth > MAX_DEPTH) {
            return;
        }
        Map<String, JsonNode> wrong = new LinkedHashMap<>();
        wrong.put("string", make.stringNode("text"));
        wrong.put("integer", make.numberNode(7));
        wrong.put("number", make.numberNode(7.5));
        wrong.put("boolean", make.booleanNode(true));
        wrong.put("array", make.arrayNode());
        wrong.put("object", make.objectNode());
        wrong.forEach((other, value) -> {
            boolean fits = other.equals(type) || (type.equals("number") && other.equals("integer"));
            if (!fits) {
                found.add(new Misfit("type " + other, place.with(value), on(path)));
            }
        });
        if (!isNullable(schema)) {
            found.add(new Misfit("null", place.with(make.nullNode()), on(path)));
        }
        switch (type) {
            case "string" -> ofText(plain, path, place, found);
            case "integer", "number" -> ofNumber(plain, path, place, found);
            case "array" -> ofArray(plain, path, place, depth, found);
            case "object" -> {
                if (plain.has("minProperties") && plain.path("required").isEmpty()) {
                    found.add(new Misfit("empty", place.with(make.objectNode()), on(path)));
                }
                ofObject(plain, (ObjectNode) sample(plain), path, place, depth, found);
            }
            default -> {}
        }
    }

    private static void ofText(JsonNode schema, String path, Place place, List<Misfit> found) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (schema.has("minLength")) {
            found.add(new Misfit("too short", place.with(make.stringNode("")), on(path)));
        }
        if (schema.has("maxLength")) {
            String text = "a".repeat(schema.path("maxLength").asInt() + 1);
            found.add(new Misfit("too long", place.with(make.stringNode(text)), on(path)));
        } else if (!schema.has("enum")) {
            found.add(new Misfit("far too long", place.with(make.stringNode("a".repeat(100_001))), on(path)));
        }
        if (schema.has("enum")) {
            for (String text : List.of("no such value", "", "NONE", "' or 1=1 --")) {
                found.add(new Misfit("not of the values", place.with(make.stringNode(text)), on(path)));
            }
        }
        if (schema.has("pattern")) {
            Pattern pattern = Pattern.compile(schema.path("pattern").asString());
            VIOLATIONS.stream()
                    .filter(text -> !pattern.matcher(text).find() && hasLength(schema, text))
                    .limit(1)
                    .forEach(text -> found.add(new Misfit("pattern", place.with(make.stringNode(text)), path)));
        }
        found.add(new Misfit("NUL", place.with(make.stringNode("a\0b")), on(path)));
    }

    private static void ofNumber(JsonNode schema, String path, Place place, List<Misfit> found) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        if (schema.has("minimum")) {
            found.add(new Misfit(
                    "too small",
                    place.with(make.numberNode(schema.path("minimum").asLong() - 1)),
                    on(path)));
        }
        if (schema.has("maximum")) {
            found.add(new Misfit(
                    "too great",
                    place.with(make.numberNode(schema.path("maximum").asLong() + 1)),
                    on(path)));
        }
        found.add(new Misfit("beyond a long", place.with(make.numberNode(new BigInteger("9".repeat(40)))), on(path)));
    }

    private static void ofArray(JsonNode schema, String path, Place place, int depth, List<Misfit> found) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        JsonNode item = schema.path("items");
        if (schema.has("minItems")) {
            found.add(new Misfit("too few", place.with(make.arrayNode()), on(path)));
        }
        int most = schema.path("maxItems").asInt(1_000);
        ArrayNode many = make.arrayNode();
        for (int i = 0; i <= most; i++) {
            many.add(sample(item));
        }
        found.add(new Misfit("too many", place.with(many), on(path)));
        if (schema.path("uniqueItems").asBoolean(false)) {
            found.add(new Misfit(
                    "twice", place.with(make.arrayNode().add(sample(item)).add(sample(item))), on(path)));
        }
        of(item, path + "[0]", value -> place.with(make.arrayNode().add(value)), depth + 1, found);
    }

    /** Something that fits. */
    private static JsonNode sample(JsonNode schema) {
        JsonNode plain = plain(schema);
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (plain.path("type").asString("")) {
            case "string" -> make.stringNode(sampleText(plain));
            case "integer", "number" ->
                make.numberNode(Math.max(1, plain.path("minimum").asLong(1)));
            case "boolean" -> make.booleanNode(true);
            case "array" -> {
                ArrayNode array = make.arrayNode();
                for (int i = 0; i < plain.path("minItems").asInt(0); i++) {
                    array.add(sample(plain.path("items")));
                }
                yield array;
            }
            case "object" -> sampleObject(plain);
            default -> make.objectNode();
        };
    }

    private static ObjectNode sampleObject(JsonNode schema) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        schema.path("required")
                .forEach(name -> object.set(
                        name.asString(), sample(schema.path("properties").path(name.asString()))));
        schema.path("properties").properties().forEach(property -> {
            if (object.size() < schema.path("minProperties").asInt(0) && !object.has(property.getKey())) {
                object.set(property.getKey(), sample(property.getValue()));
            }
        });
        return object;
    }

    private static String sampleText(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum").path(0).asString();
        }
        Pattern pattern = Pattern.compile(schema.path("pattern").asString(""));
        return CANDIDATES.stream()
                .filter(text -> hasLength(schema, text) && pattern.matcher(text).find())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no candidate fits " + schema));
    }

    private static boolean hasLength(JsonNode schema, String text) {
        return text.length() >= schema.path("minLength").asInt(0)
                && text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE);
    }

    private static boolean isNullable(JsonNode schema) {
        return schema.path("anyOf")
                .valueStream()
                .anyMatch(one -> one.path("type").asString("").equals("null"));
    }

    /** The schema itself, or what stands beside null. */
    private static JsonNode plain(JsonNode schema) {
        return schema.path("anyOf")
                .valueStream()
                .filter(one -> !one.path("type").asString("").equals("null"))
                .findFirst()
                .map(EveryFieldTest::found)
                .orElse(found(schema));
    }

    private static JsonNode found(JsonNode schema) {
        return schema.has("$ref")
                ? description.at(schema.path("$ref").asString().substring(1))
                : schema;
    }

    @TestFactory
    List<DynamicTest> a_parameter_that_does_not_fit_is_refused_and_named() {
        List<DynamicTest> tests = new ArrayList<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operation
                                .getValue()
                                .path("parameters")
                                .forEach(parameter -> {
                                    if (!parameter.path("in").asString().equals("query")) {
                                        return;
                                    }
                                    String name = parameter.path("name").asString();
                                    misfitTexts(parameter.path("schema"))
                                            .forEach(text -> tests.add(DynamicTest.dynamicTest(
                                                    path.getKey() + "?" + name + "=" + text, () -> {
                                                        String target = path.getKey()
                                                                        .substring(1)
                                                                        .replaceAll("\\{\\w+}", "x")
                                                                + "?" + name + "=" + text;
                                                        HttpResponse<String> answer = server.manage(
                                                                operation
                                                                        .getKey()
                                                                        .toUpperCase(Locale.ROOT),
                                                                target,
                                                                null);
                                                        assertThat(answer.statusCode())
                                                                .as(answer.body())
                                                                .isEqualTo(400);
                                                        assertThat(json(answer)
                                                                        .path("errorCode")
                                                                        .asString())
                                                                .isEqualTo("invalid_query_string");
                                                        assertThat(message(answer))
                                                                .contains("property " + name);
                                                    })));
                                })));
        return tests;
    }

    private static List<String> misfitTexts(JsonNode schema) {
        return switch (schema.path("type").asString("")) {
            case "integer" -> List.of("x", "-1", "1.5", "99999999999999999999");
            case "boolean" -> List.of("yes", "1");
            default -> schema.has("enum") ? List.of("no-such-value") : List.of();
        };
    }
}
