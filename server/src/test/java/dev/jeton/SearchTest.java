package dev.jeton;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.storage.Database;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** {@code search}, which finds clients and APIs alike on both databases. */
class SearchTest {
    private static final String RIGHT_TO_LEFT = "خدمة الدفع \u200f(دفع)";
    private static final String LONG = "x".repeat(250) + " end.";
    private static final List<String> NAMES = List.of(
            "Billing worker",
            "billing nightly",
            "100% of_it\\all 'quoted' \"twice\"",
            "100 percent",
            "Übersetzer ΣΊΣΥΦΟΣ",
            RIGHT_TO_LEFT,
            LONG);

    private static final Map<Database.Dialect, TestServer> servers = new EnumMap<>(Database.Dialect.class);
    /** Of the clients, by dialect and name. */
    private static final Map<String, String> ids = new HashMap<>();

    @BeforeAll
    static void start() {
        for (Database.Dialect dialect : Database.Dialect.values()) {
            TestServer server = TestServer.start(dialect);
            servers.put(dialect, server);
            NAMES.forEach(name -> ids.put(
                    dialect + name,
                    server.createClient(name, name.startsWith("billing") ? Map.of("is_first_party", false) : Map.of())
                            .path("client_id")
                            .asString()));
            server.createApi("https://Orders.example.com/v1", List.of("read:orders"), Map.of("name", "Order desk"));
            server.createApi("urn:stock_%", List.of(), Map.of());
        }
    }

    @AfterAll
    static void stop() {
        servers.values().forEach(TestServer::close);
    }

    private static TestServer server(Database.Dialect dialect) {
        return requireNonNull(servers.get(dialect));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<String> clients(Database.Dialect dialect, String text, String more) {
        return each(server(dialect).managed("GET", "clients?search=" + encoded(text) + more, null), "name");
    }

    private static List<String> clients(Database.Dialect dialect, String text) {
        return clients(dialect, text, "");
    }

    private static List<String> apis(Database.Dialect dialect, String text) {
        return each(server(dialect).managed("GET", "resource-servers?search=" + encoded(text), null), "identifier");
    }

    @ParameterizedTest
    @EnumSource
    void finds_a_client_by_any_part_of_its_name_in_any_case(Database.Dialect dialect) {
        assertThat(clients(dialect, "ILLING")).containsExactlyInAnyOrder("Billing worker", "billing nightly");
        assertThat(clients(dialect, "  worker ")).containsExactly("Billing worker");
        assertThat(clients(dialect, "übersetzer σίσυφος")).containsExactly("Übersetzer ΣΊΣΥΦΟΣ");
        assertThat(clients(dialect, "الدفع")).containsExactly(RIGHT_TO_LEFT);
        assertThat(clients(dialect, LONG)).containsExactly(LONG);
        assertThat(clients(dialect, "nobody is called so")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void no_character_stands_for_another(Database.Dialect dialect) {
        String special = "100% of_it\\all 'quoted' \"twice\"";
        for (String text : List.of("100%", "%", "f_i", "_", "\\", "'quoted'", "\"", special)) {
            assertThat(clients(dialect, text)).as(text).containsExactly(special);
        }
        assertThat(clients(dialect, ".*")).isEmpty();
        assertThat(clients(dialect, "%' or 1=1 --")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void finds_a_client_by_the_beginning_of_its_id(Database.Dialect dialect) {
        String id = requireNonNull(ids.get(dialect + "Billing worker"));

        assertThat(clients(dialect, id)).containsExactly("Billing worker");
        assertThat(clients(dialect, id.substring(0, 12).toUpperCase(Locale.ROOT)))
                .containsExactly("Billing worker");
        assertThat(clients(dialect, id.substring(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_search_goes_with_the_other_filters(Database.Dialect dialect) {
        assertThat(clients(dialect, "billing", "&is_first_party=true")).containsExactly("Billing worker");
        assertThat(clients(dialect, "billing", "&is_first_party=false&app_type=non_interactive"))
                .containsExactly("billing nightly");
        assertThat(clients(dialect, "billing", "&app_type=spa")).isEmpty();
        assertThat(clients(dialect, "all app", "&is_global=true")).containsExactly("All Applications");
        assertThat(clients(dialect, "billing", "&is_global=true")).isEmpty();
        assertThat(clients(dialect, " ")).hasSizeGreaterThan(NAMES.size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void what_was_found_is_paged_in_both_styles_with_exact_totals(Database.Dialect dialect) {
        TestServer server = server(dialect);
        List<String> byPage = new ArrayList<>();
        for (int page = 0; page < 3; page++) {
            JsonNode answer = server.managed(
                    "GET", "clients?search=er&fields=client_id&include_totals=true&per_page=2&page=" + page, null);
            assertThat(answer.path("total").asInt()).isEqualTo(3);
            byPage.addAll(each(answer.path("clients"), "client_id"));
        }
        assertThat(byPage).isSorted().hasSize(3).doesNotHaveDuplicates();
        List<String> walked = new ArrayList<>();
        JsonNode answer = server.managed("GET", "clients?search=er&take=2", null);
        walked.addAll(each(answer.path("clients"), "client_id"));
        answer = server.managed(
                "GET", "clients?search=er&take=2&from=" + answer.path("next").asString(), null);
        walked.addAll(each(answer.path("clients"), "client_id"));
        assertThat(answer.has("next")).isFalse();
        assertThat(walked).isEqualTo(byPage);
    }

    @ParameterizedTest
    @EnumSource
    void finds_an_api_by_its_name_and_by_the_beginning_of_id_and_identifier(Database.Dialect dialect) {
        TestServer server = server(dialect);
        String orders = "https://Orders.example.com/v1";

        assertThat(apis(dialect, "DESK")).containsExactly(orders);
        assertThat(apis(dialect, "https://orders.EX")).containsExactly(orders);
        assertThat(apis(dialect, "example.com")).isEmpty();
        assertThat(apis(dialect, "urn:stock_%")).containsExactly("urn:stock_%");
        assertThat(apis(dialect, "urn:stock__")).isEmpty();
        assertThat(apis(dialect, server.issuer())).containsExactly(server.issuer() + "api/v2/");
        String id = server.managed("GET", "resource-servers/" + encoded(orders), null)
                .path("id")
                .asString();
        assertThat(apis(dialect, id)).containsExactly(orders);

        JsonNode answer = server.managed("GET", "resource-servers?search=u&include_totals=true&per_page=1", null);
        assertThat(answer.path("total").asInt()).isEqualTo(2);
        assertThat(each(answer.path("resource_servers"), "is_system")).containsExactly("true");
        assertThat(each(
                        server.managed("GET", "resource-servers?search=urn&take=1", null)
                                .path("resource_servers"),
                        "identifier"))
                .containsExactly("urn:stock_%");
    }

    @ParameterizedTest
    @EnumSource
    void a_search_that_cannot_be_is_refused_and_named(Database.Dialect dialect) {
        TestServer server = server(dialect);
        String tooLong = "Query validation error: 'String is too long (256 chars), maximum 255' on property search.";

        for (String list : List.of("clients", "resource-servers")) {
            assertRefused(
                    server.manage("GET", list + "?search=" + "x".repeat(256), null),
                    400,
                    tooLong,
                    "invalid_query_string");
        }
        assertRefused(
                server.manage("GET", "resource-servers?search=x&identifiers=y", null),
                400,
                "Query validation error: 'It cannot be combined with identifiers' on property search.",
                "invalid_query_string");
        assertThat(server.manage("GET", "clients?search=%00", null).statusCode())
                .isEqualTo(400);
        assertThat(server.manage("GET", "clients?search=%FF", null).statusCode())
                .isEqualTo(400);
    }
}
