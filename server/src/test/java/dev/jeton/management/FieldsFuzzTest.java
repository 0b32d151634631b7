package dev.jeton.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Any body in place of the management API's JSON, read in every way that a route can. */
@Timeout(30)
class FieldsFuzzTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Schema.Members KEPT = Schema.anyObject()
            .with(Schema.flag(), "kept_flag")
            .with(Schema.whole(Long.MIN_VALUE, Long.MAX_VALUE), "kept_integer")
            .with(Schema.text(), "kept_text")
            .with(Schema.listOf(Schema.text()).unique(), "kept_texts")
            .with(Schema.listOf(Schema.anyObject()), "kept_objects")
            .with(Schema.anyObject().orNull(), "kept_object");

    @MethodSource("bodies")
    @FuzzTest
    void refuses_a_body_in_words_or_reads_what_can_be_stored(byte[] body) {
        Request request = request(body);
        try {
            ObjectNode rest = readAll(Fields.of(request, KEPT));
            assertStorable(rest.toString());
            assertThat(JSON.readTree(rest.toString())).isEqualTo(rest);
        } catch (ApiError.ApiException refused) {
            assertAnswerable(refused.error());
        }
        try {
            Fields.strings(request, Schema.listOf(Schema.text()).between(0, 10))
                    .forEach(FieldsFuzzTest::assertStorable);
        } catch (ApiError.ApiException refused) {
            assertAnswerable(refused.error());
        }
    }

    private static ObjectNode readAll(Fields fields) {
        fields.string("string", 0, 20).ifPresent(FieldsFuzzTest::assertStorable);
        fields.flag("flag");
        fields.integer("integer", -5, 5);
        fields.strings("strings", 3, 20).ifPresent(values -> values.forEach(FieldsFuzzTest::assertStorable));
        fields.nullableString("nullable", 0, 20).ifPresent(FieldsFuzzTest::assertStorable);
        fields.oneOf("one_of", value -> value.equals("one") ? Optional.of(1) : Optional.empty());
        fields.stringMap("map", 3, 20)
                .ifPresent(map -> map.forEach((name, value) -> {
                    assertStorable(name);
                    value.ifPresent(FieldsFuzzTest::assertStorable);
                }));
        fields.object("object").ifPresent(inner -> inner.string("string", 1, 20));
        fields.objects("objects", 3);
        return fields.rest(JSON.createObjectNode());
    }

    private static void assertStorable(String text) {
        assertThat(text).doesNotContain("\0");
        assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
    }

    private static void assertAnswerable(ApiError error) {
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isNotEmpty().hasSizeLessThan(1_100);
        assertThat(JSON.readTree(error.response().body()).path("message").stringValue())
                .isEqualTo(error.message());
    }

    private static Request request(byte[] body) {
        return new Request(
                "0123456789abcdef0123", "POST", "/api/v2/x", null, _ -> List.of(), "127.0.0.1", body, Map.of());
    }

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "",
                        "null",
                        "{}",
                        "[\"a\",\"b\"]",
                        "{\"name\":\"a<b\",\"string\":\"\\u0000\",\"string\":1}",
                        "{\"name\":\"n\",\"string\":\"s\",\"flag\":true,\"integer\":3,\"strings\":[\"a\",\"b\"],"
                                + "\"nullable\":null,\"one_of\":\"one\",\"map\":{\"a\":\"b\",\"c\":null},"
                                + "\"object\":{\"string\":\"x\"},\"objects\":[{},{}]}",
                        "{\"kept_flag\":false,\"kept_integer\":9223372036854775807,\"kept_text\":\"t\","
                                + "\"kept_texts\":[\"a\"],\"kept_objects\":[{\"a\":1}],\"kept_object\":{\"a\":[1.5,null]}}",
                        "{\"kept_object\":{\"a\":1e400}}",
                        "{\"kept_object\":{\"a\":-0.0,\"b\":1e-400,\"c\":123456789012345678901234567890}}",
                        "{\"integer\":1e3}",
                        "{\"integer\":1E+99999999}",
                        "{\"\\ud800\":1}",
                        "{\"string\":\"\\ud83d\"}",
                        "{\"map\":{\"\":\"\"}}",
                        "{\"unknown\":1}",
                        "{} {}",
                        "[".repeat(40))
                .map(text -> text.getBytes(UTF_8));
    }
}
