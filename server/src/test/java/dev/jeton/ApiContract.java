package dev.jeton;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Holds every answer of the management API that a test sees to its description, by a validator that is not ours. */
final class ApiContract {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNode ERROR = JSON.createObjectNode().put("$ref", "#/components/schemas/Error");

    /** A path of the description and what a request's path looks like that is meant. */
    private record Path(Pattern pattern, JsonNode operations) {}

    private static final class Held {
        private static volatile @Nullable Held only;

        private final List<Path> paths = new ArrayList<>();
        private final JsonNode components;
        private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
        private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

        Held(JsonNode document) {
            components = document.path("components");
            document.path("paths")
                    .properties()
                    .forEach(path -> paths.add(
                            new Path(Pattern.compile(path.getKey().replaceAll("\\{\\w+}", "[^/]+")), path.getValue())));
            // A fixed path is meant before one with a parameter in that place.
            paths.sort((a, b) -> Boolean.compare(
                    a.pattern().pattern().contains("["), b.pattern().pattern().contains("[")));
        }

        /** With all that it can refer to. */
        private JsonNode whole(JsonNode schema) {
            return ((ObjectNode) schema.deepCopy()).set("components", components.deepCopy());
        }
    }

    private ApiContract() {}

    /** @param document the description, which is the same for all servers */
    static void check(Supplier<JsonNode> document, HttpRequest asked, HttpResponse<String> answer) {
        Held held = Held.only;
        if (held == null) {
            held = new Held(document.get());
            Held.only = held;
        }
        check(held, asked, answer);
    }

    private static void check(Held held, HttpRequest asked, HttpResponse<String> answer) {
        String path = asked.uri().getRawPath().substring("/api/v2".length());
        if (path.equals("/openapi.json")
                || answer.statusCode() == 405
                || asked.method().equals("HEAD")) {
            return;
        }
        if (answer.statusCode() >= 400) {
            require(held, "error", () -> held.whole(ERROR), asked, answer);
            return;
        }
        Path known = held.paths.stream()
                .filter(candidate -> candidate.pattern().matcher(path).matches())
                .findFirst()
                .orElseThrow(() -> failure(asked, answer, "the description has no such path"));
        JsonNode response = known.operations()
                .path(asked.method().toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(answer.statusCode()));
        if (response.isMissingNode()) {
            throw failure(asked, answer, "the description has no such status");
        }
        JsonNode schema = response.at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            if (!answer.body().isEmpty()) {
                throw failure(asked, answer, "the description has no body");
            }
            return;
        }
        boolean isSelection = Optional.ofNullable(asked.uri().getRawQuery())
                .filter(query -> query.contains("fields="))
                .isPresent();
        String key = asked.method() + known.pattern() + answer.statusCode() + isSelection;
        require(held, key, () -> isSelection ? withoutRequired(held.whole(schema)) : held.whole(schema), asked, answer);
    }

    private static void require(
            Held held, String key, Supplier<JsonNode> schema, HttpRequest asked, HttpResponse<String> answer) {
        JsonNode body;
        try {
            body = JSON.readTree(answer.body());
        } catch (JacksonException _) {
            throw failure(asked, answer, "the body is not JSON");
        }
        List<Error> errors = held.schemas
                .computeIfAbsent(key, _ -> held.registry.getSchema(schema.get()))
                .validate(body);
        if (!errors.isEmpty()) {
            throw failure(asked, answer, errors.toString());
        }
    }

    /** Who chooses members does not get all. */
    private static JsonNode withoutRequired(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path("required").isArray()) {
            object.remove("required");
        }
        schema.forEach(ApiContract::withoutRequired);
        return schema;
    }

    private static AssertionError failure(HttpRequest asked, HttpResponse<String> answer, String why) {
        return new AssertionError(asked.method() + " " + asked.uri().getPath() + " answered " + answer.statusCode()
                + " " + answer.body() + ", which docs/openapi.yaml does not say: " + why);
    }
}
