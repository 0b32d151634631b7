package dev.jeton.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Request;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any query in place of {@code page}, {@code per_page}, {@code take}, {@code from} and {@code fields}. */
@Timeout(30)
class PageFuzzTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @MethodSource("queries")
    @FuzzTest
    void refuses_a_query_or_asks_for_a_bounded_part(byte[] utf8) {
        Request request = new Request(
                "0123456789abcdef0123",
                "GET",
                "/api/v2/x",
                new String(utf8, UTF_8),
                _ -> List.of(),
                "127.0.0.1",
                new byte[0],
                Map.of());
        JsonNode list;
        try {
            list = Page.of(request)
                    .list(
                            "items",
                            (offset, limit) -> {
                                assertThat(offset).isBetween(0, 100_000_000);
                                assertThat(limit).isBetween(0, 100);
                                return Collections.nCopies(limit, "id");
                            },
                            (after, limit) -> {
                                assertThat(after).isNotNull();
                                assertThat(limit).isBetween(2, 101);
                                return Collections.nCopies(limit, "id");
                            },
                            () -> 1_000,
                            id -> id,
                            id -> JSON.createObjectNode().put("id", id));
        } catch (ApiError.ApiException | Form.MalformedException refused) {
            return;
        }

        JsonNode items = list.isArray() ? list : list.path("items");
        assertThat(items.size()).isBetween(0, 100);
    }

    static Stream<byte[]> queries() {
        return Stream.of(
                        "",
                        "page=1&per_page=10&include_totals=true",
                        "page=1000000&per_page=100",
                        "page=-1",
                        "page=+1",
                        "page=99999999999",
                        "per_page=\u0661",
                        "take=5&from=abc&fields=id,name&include_fields=false",
                        "take=0",
                        "from=&take=100",
                        "fields=,%2c,%00",
                        "page=%zz")
                .map(query -> query.getBytes(UTF_8));
    }
}
