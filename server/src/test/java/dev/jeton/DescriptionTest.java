package dev.jeton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.jeton.http.Router.Route;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code openapi.json} as a document: whole, well-formed, and the same as {@code docs/openapi.yaml}. */
class DescriptionTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String META_SCHEMA = "https://json-schema.org/draft/2020-12/schema";

    private static JsonNode description;
    private static List<Route> routes;

    @BeforeAll
    static void read() {
        try (TestServer server = TestServer.start()) {
            description = Answers.json(server.get("api/v2/openapi.json"));
            routes = server.server().routes();
        }
    }

    /** By method and pattern. */
    private static List<Map.Entry<String, JsonNode>> operations() {
        List<Map.Entry<String, JsonNode>> operations = new ArrayList<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operations.add(Map.entry(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue()))));
        return operations;
    }

    @Test
    void every_route_is_described_and_nothing_else() {
        Set<String> described = new TreeSet<>();
        operations().forEach(operation -> described.add(operation.getKey()));

        assertThat(described)
                .isEqualTo(routes.stream()
                        .filter(route -> route.pattern().startsWith("/api/v2/"))
                        .filter(route -> !Set.of("public", "unsupported").contains(route.access()))
                        .map(route -> route.method() + " " + route.pattern().substring("/api/v2".length()))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void every_operation_has_a_summary_and_an_id_of_its_own() {
        assertThat(operations())
                .extracting(operation -> operation.getValue().path("summary").asString())
                .doesNotContain("");
        assertThat(operations())
                .extracting(
                        operation -> operation.getValue().path("operationId").asString())
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }

    @Test
    void every_parameter_of_a_path_is_described_once() {
        operations().forEach(operation -> {
            List<String> names = operation
                    .getValue()
                    .path("parameters")
                    .valueStream()
                    .map(parameter -> parameter.path("in").asString() + " "
                            + parameter.path("name").asString())
                    .toList();
            assertThat(names).as(operation.getKey()).doesNotHaveDuplicates();
            assertThat(names.stream().filter(name -> name.startsWith("path ")).count())
                    .as(operation.getKey())
                    .isEqualTo(operation.getKey().chars().filter(c -> c == '{').count());
        });
    }

    @Test
    void every_schema_is_one_of_json_schema_2020_12() {
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(META_SCHEMA));
        List<JsonNode> schemas = new ArrayList<>(description.findValues("schema"));
        description.at("/components/schemas").forEach(schemas::add);

        assertThat(schemas).hasSizeGreaterThan(operations().size());
        schemas.forEach(schema ->
                assertThat(meta.validate(schema)).as(schema.toString()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /clients/x | 200 | {'client_id':7}                | integer found, string expected",
                "GET    | /clients/x | 200 | {'client_id':'x','new':true}   | 'new'",
                "GET    | /clients/x | 200 | {'name':'x'}                   | 'client_id'",
                "GET    | /clients/x | 202 | {'client_id':'x'}              | no such status",
                "GET    | /nothing   | 200 | {}                             | no such path",
                "GET    | /clients/x | 404 | {'error':'Not Found'}          | 'statusCode'",
                "GET    | /clients/x | 404 | Not Found                      | not JSON",
                "DELETE | /clients/x | 204 | {}                             | no body",
            })
    void an_answer_that_it_does_not_say_fails_a_test(String method, String path, int status, String body, String why) {
        ApiContract.Exchange answered = new ApiContract.Exchange(
                method, URI.create("http://127.0.0.1/api/v2" + path), status, body.replace('\'', '"'));

        assertThatThrownBy(() -> ApiContract.check(description::toString, answered))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why);
    }

    /** So that a client that is generated from it has one type for one thing. */
    @Test
    void what_stands_in_several_places_has_a_name() {
        Map<JsonNode, List<String>> places = new HashMap<>();
        collectObjects(description, "", places);

        assertThat(places.values()).filteredOn(all -> all.size() > 1).isEmpty();
    }

    private static void collectObjects(JsonNode node, String place, Map<JsonNode, List<String>> places) {
        if (node.path("type").asString("").equals("object")
                && node.path("properties").size() > 1) {
            places.computeIfAbsent(node, _ -> new ArrayList<>()).add(place);
        }
        node.properties().forEach(member -> collectObjects(member.getValue(), place + "/" + member.getKey(), places));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collectObjects(node.get(i), place + "/" + i, places);
        }
    }

    @Test
    void a_body_that_is_an_object_has_a_name() {
        List<String> anonymous = operations().stream()
                .filter(operation -> Stream.concat(
                                Stream.of(operation.getValue().path("requestBody")),
                                operation.getValue().path("responses").valueStream())
                        .map(body -> body.at("/content/application~1json/schema"))
                        .anyMatch(schema -> !schema.path("properties").isEmpty()))
                .map(Map.Entry::getKey)
                .toList();

        assertThat(anonymous).isEmpty();
    }

    @Test
    void the_document_is_golden() {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(120)
                .build();

        Golden.check(
                Path.of("..", "docs", "openapi.yaml"),
                new Dump(settings).dumpToString(JSON.treeToValue(description, Map.class)));
    }
}
