package dev.jeton;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URI;
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
public final class ApiContract {
    private static final String BASE = "/api/v2";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DEFINITIONS = "$defs";
    private static final JsonNode ERROR = JSON.createObjectNode().put("$ref", "#/" + DEFINITIONS + "/Error");

    /** What was asked and answered; the path and query are as they were on the wire. */
    public record Exchange(String method, URI asked, int status, String body) {
        public static Exchange of(HttpResponse<String> answer) {
            return new Exchange(answer.request().method(), answer.request().uri(), answer.statusCode(), answer.body());
        }
    }

    /** A path of the description and what a request's path looks like that is meant. */
    private record Path(Pattern pattern, JsonNode operations) {}

    private static final class Held {
        private static volatile @Nullable Held only;

        private final List<Path> paths = new ArrayList<>();
        private final JsonNode definitions;
        private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
        private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

        Held(String text) {
            // A schema by itself has what it refers to within it, under the name that JSON Schema gives the place.
            JsonNode document = JSON.readTree(text.replace("#/components/schemas/", "#/" + DEFINITIONS + "/"));
            definitions = document.at("/components/schemas");
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
            return ((ObjectNode) schema.deepCopy()).set(DEFINITIONS, definitions.deepCopy());
        }
    }

    private ApiContract() {}

    /**
     * Fails if the answer is one of the management API and does not fit.
     *
     * @param document the description, which is the same for all servers and asked for once
     */
    public static void check(Supplier<String> document, Exchange exchange) {
        String path = exchange.asked().getRawPath();
        if (!path.startsWith(BASE + "/") || path.equals(BASE + "/openapi.json")) {
            return;
        }
        Held held = Held.only;
        if (held == null) {
            held = new Held(document.get());
            Held.only = held;
        }
        check(held, exchange);
    }

    private static void check(Held held, Exchange exchange) {
        String path = exchange.asked().getRawPath().substring(BASE.length());
        if (exchange.status() == 405 || exchange.method().equals("HEAD")) {
            return;
        }
        if (exchange.status() >= 400) {
            require(held, "error", () -> held.whole(ERROR), exchange);
            return;
        }
        Path known = held.paths.stream()
                .filter(candidate -> candidate.pattern().matcher(path).matches())
                .findFirst()
                .orElseThrow(() -> failure(exchange, "the description has no such path"));
        JsonNode response = known.operations()
                .path(exchange.method().toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(exchange.status()));
        if (response.isMissingNode()) {
            throw failure(exchange, "the description has no such status");
        }
        JsonNode schema = response.at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            if (!exchange.body().isEmpty()) {
                throw failure(exchange, "the description has no body");
            }
            return;
        }
        boolean isSelection = Optional.ofNullable(exchange.asked().getRawQuery())
                .filter(query -> query.contains("fields="))
                .isPresent();
        String key = exchange.method() + known.pattern() + exchange.status() + isSelection;
        require(held, key, () -> isSelection ? withoutRequired(held.whole(schema)) : held.whole(schema), exchange);
    }

    private static void require(Held held, String key, Supplier<JsonNode> schema, Exchange exchange) {
        JsonNode body;
        try {
            body = JSON.readTree(exchange.body());
        } catch (JacksonException _) {
            throw failure(exchange, "the body is not JSON");
        }
        List<Error> errors = held.schemas
                .computeIfAbsent(key, _ -> held.registry.getSchema(schema.get()))
                .validate(body);
        if (!errors.isEmpty()) {
            throw failure(exchange, errors.toString());
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

    private static AssertionError failure(Exchange exchange, String why) {
        return new AssertionError(exchange.method() + " " + exchange.asked().getPath() + " answered "
                + exchange.status() + " " + exchange.body() + ", which docs/openapi.yaml does not say: " + why);
    }
}
