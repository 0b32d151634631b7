package dev.jeton.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Golden;
import dev.jeton.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** RFC 8414. */
class MetadataEndpointTest {
    private static final List<String> PATHS =
            List.of(".well-known/openid-configuration", ".well-known/oauth-authorization-server");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void the_document_is_golden_and_the_same_at_both_places() {
        server.createApi("https://api.example.com/ec", List.of(), Map.of("signing_alg", "ES256"));
        server.createApi("https://api.example.com/ed", List.of(), Map.of("signing_alg", "EdDSA"));

        for (String path : PATHS) {
            Golden.check(
                    "metadata.json",
                    JsonMapper.shared()
                                    .readTree(server.get(path).body())
                                    .toPrettyString()
                                    .replace(server.issuer(), "{issuer}")
                            + "\n");
        }
    }

    @Test
    void it_may_be_cached_for_a_short_time_and_read_by_any_web_page() {
        for (String path : PATHS) {
            HttpResponse<String> response = server.get(path);

            assertThat(response.headers().allValues("Content-Type")).containsExactly("application/json; charset=utf-8");
            assertThat(response.headers().allValues("Cache-Control"))
                    .containsExactly("public, max-age=15, stale-while-revalidate=15, stale-if-error=86400");
            assertThat(response.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("*");
        }
    }
}
