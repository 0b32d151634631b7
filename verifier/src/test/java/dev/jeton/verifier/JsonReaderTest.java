package dev.jeton.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    @Test
    void reads_every_kind_of_value() throws MalformedJsonException {
        Map<String, @Nullable Object> object = JsonReader.readObject("""
                \t{ "text": "a", "integer": 12, "negative": -7, "decimal": 1.50, "yes": true, "no": false,
                  "list": [1, [], {"a": {}}], "object": {"b": "c"}, "": 0 }\r
                """);

        assertThat(object)
                .containsEntry("text", "a")
                .containsEntry("integer", 12L)
                .containsEntry("negative", -7L)
                .containsEntry("decimal", new BigDecimal("1.50"))
                .containsEntry("yes", true)
                .containsEntry("no", false)
                .containsEntry("list", List.of(1L, List.of(), Map.of("a", Map.of())))
                .containsEntry("object", Map.of("b", "c"))
                .containsEntry("", 0L);
        assertThat(object.keySet())
                .containsExactly("text", "integer", "negative", "decimal", "yes", "no", "list", "object", "");
    }

    @Test
    void tells_a_member_that_is_null_from_one_that_is_absent() throws MalformedJsonException {
        Map<String, @Nullable Object> object = JsonReader.readObject("{\"a\":null}");

        assertThat(object).containsEntry("a", null).doesNotContainKey("b");
    }

    @Test
    void gives_collections_that_cannot_be_changed() throws MalformedJsonException {
        Map<String, @Nullable Object> object = JsonReader.readObject("{\"list\":[1],\"object\":{\"a\":1}}");

        assertThat(object).isUnmodifiable();
        assertThat((List<?>) object.get("list")).isUnmodifiable();
        assertThat((Map<?, ?>) object.get("object")).isUnmodifiable();
    }

    @Test
    void reads_every_escape() throws MalformedJsonException {
        Map<String, @Nullable Object> object =
                JsonReader.readObject("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9\\uD83D\\uDE00\"}");

        assertThat(object).containsEntry("a", "\"\\/\b\f\n\r\téé😀");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "9007199254740993, 9007199254740993",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void keeps_every_digit_of_an_integer(String json, long value) throws MalformedJsonException {
        assertThat(JsonReader.readObject("{\"a\":" + json + "}")).containsEntry("a", value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9223372036854775808", "0.1", "1.0", "1e3", "1E+3", "-1.5e-308", "1e308", "1.7e308", "0.01e-308"
            })
    void keeps_every_other_number_exactly(String json) throws MalformedJsonException {
        assertThat(JsonReader.readObject("{\"a\":" + json + "}")).containsEntry("a", new BigDecimal(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":null,\"a\":1}",
                "{\"b\":{\"a\":1,\"a\":1}}",
                "{\"b\":[{\"a\":1,\"a\":1}]}",
            })
    void refuses_a_member_name_that_occurs_twice(String json) {
        assertThatThrownBy(() -> JsonReader.readObject(json))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("a member name that was there before");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"a\"",
                "{",
                "}",
                "{}}",
                "{} {}",
                "{}x",
                "{}//",
                "/**/{}",
                "{},",
                "{,}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{\"a\"=1}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{\"a\":1;\"b\":2}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\":[1 2]}",
                "{\"a\":[1}",
                "{\"a\":[1]",
                "{\"a\":[1]]}",
                "{\"a\":tru}",
                "{\"a\":True}",
                "{\"a\":nul}",
                "{\"a\":truex}",
                "{\"a\":undefined}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-}",
                "{\"a\":+1}",
                "{\"a\":01}",
                "{\"a\":-01}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1.e1}",
                "{\"a\":1e}",
                "{\"a\":1e+}",
                "{\"a\":0x10}",
                "{\"a\":1_000}",
                "{\"a\":١}",
                "{\"a\":1e309}",
                "{\"a\":1.8e308}",
                "{\"a\":10e308}",
                "{\"a\":-99999e305}",
                "{\"a\":1e400}",
                "{\"a\":1e-309}",
                "{\"a\":1e99999999999}",
                "{\"a\":\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\u0000\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\'\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u٠٠٤١\"}",
                "{\"a\":\"\\",
                "{\"a\":\"\\u",
                "\ufeff{}",
                "\u00a0{}",
                "{}\u0000",
                "{\"a\":\u000b1}",
            })
    void refuses_what_is_not_one_object_in_strict_json(String json) {
        assertThatThrownBy(() -> JsonReader.readObject(json)).isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x", "\\ud800\\ud800\\udc00"})
    void refuses_an_unpaired_surrogate_in_values_and_names(String escaped) {
        assertThatThrownBy(() -> JsonReader.readObject("{\"a\":\"" + escaped + "\"}"))
                .isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> JsonReader.readObject("{\"" + escaped + "\":1}"))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void refuses_a_number_of_more_than_64_characters() throws MalformedJsonException {
        assertThat(JsonReader.readObject("{\"a\":" + "9".repeat(64) + "}")).containsKey("a");
        assertThatThrownBy(() -> JsonReader.readObject("{\"a\":" + "9".repeat(65) + "}"))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void nests_32_deep_and_no_deeper() throws MalformedJsonException {
        assertThat(JsonReader.readObject(nested(32))).containsKey("a");
        assertThatThrownBy(() -> JsonReader.readObject(nested(33))).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> JsonReader.readObject(nested(100_000))).isInstanceOf(MalformedJsonException.class);
    }

    /** The object itself is the first level. */
    private static String nested(int depth) {
        return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    }

    @Test
    void names_the_place_of_a_fault_and_nothing_of_the_text() {
        Throwable fault = catchThrowable(() -> JsonReader.readObject("{\"secret\":hidden}"));

        assertThat(fault).hasMessage("not a JSON value at character 10");
    }
}
