package dev.jeton.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.jeton.http.Request;
import dev.jeton.oauth.OAuthException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Any body and any {@code Authorization} header in a token request. */
@Timeout(30)
class TokenRequestFuzzTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @MethodSource("requests")
    @FuzzTest
    void refuses_a_request_or_reads_what_it_says(boolean json, byte @NotNull [] body, @NotNull String authorization) {
        Optional<TokenRequest> request = parsed(json, body, authorization);

        if (json && body.length > 0) {
            request.ifPresent(read -> {
                JsonNode object = MAPPER.readTree(body);
                assertThat(read.grantType()).isEqualTo(string(object, "grant_type"));
                assertThat(read.audience()).isEqualTo(string(object, "audience"));
            });
        }
    }

    private static Optional<TokenRequest> parsed(boolean json, byte[] body, String authorization) {
        Map<String, List<String>> headers = Map.of(
                "Content-Type",
                List.of(json ? "application/json" : "application/x-www-form-urlencoded"),
                "Authorization",
                authorization.isEmpty() ? List.of() : List.of(authorization));
        Request request = new Request(
                "0123456789abcdef0123",
                "POST",
                TokenEndpoint.PATH,
                null,
                name -> headers.getOrDefault(name, List.of()),
                "127.0.0.1",
                body,
                Map.of());
        try {
            return Optional.of(TokenRequest.parse(request));
        } catch (OAuthException refused) {
            return Optional.empty();
        }
    }

    /** An empty value counts as none. */
    private static Optional<String> string(JsonNode object, String name) {
        return object.path(name).stringValueOpt().filter(value -> !value.isEmpty());
    }

    static Stream<Arguments> requests() {
        String form = "grant_type=client_credentials&audience=https%3A%2F%2Fapi.example%2Forders&scope=read:a+write:a";
        return Stream.of(
                arguments(false, octets(form + "&client_id=a&client_secret=b"), ""),
                arguments(false, octets(form), basic("a%3Ab:c+d")),
                arguments(false, octets(form), basic("no colon")),
                arguments(false, octets("scope=a&scope=b"), "basic ===="),
                arguments(
                        true,
                        octets("{\"grant_type\":\"client_credentials\",\"client_id\":\"a\",\"client_secret\":\"b\","
                                + "\"audience\":\"https://api.example/orders\",\"scope\":[\"read:a\",\"b c\"]}"),
                        ""),
                arguments(true, octets("{\"scope\":\" a  b\",\"more\":{\"deep\":[[1.5e3,null,true]]}}"), basic("a:")),
                arguments(true, octets("{\"audience\":\"\\u00e9\",\"audience\":null}"), "Bearer a.b.c"),
                arguments(true, octets("[]"), ""));
    }

    private static byte[] octets(String text) {
        return text.getBytes(UTF_8);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(octets(pair));
    }
}
