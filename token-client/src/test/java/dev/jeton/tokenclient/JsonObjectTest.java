package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
    static String problem(byte[] utf8) {
        MalformedAnswerException thrown =
                catchThrowableOfType(MalformedAnswerException.class, () -> JsonObject.parse(utf8));
        return thrown == null ? "none" : thrown.problem();
    }

    private static JsonObject parse(String text) throws MalformedAnswerException {
        return JsonObject.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void reads_every_escape() throws MalformedAnswerException {
        assertThat(parse("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9\\uD83D\\uDE00\"}")
                        .string("a"))
                .isEqualTo(Optional.of("\"\\/\b\f\n\r\téé😀"));
    }

    @Test
    void reads_whole_numbers() throws MalformedAnswerException {
        JsonObject object = parse("\t{ \"a\" : 0 ,\r\n\"b\":-0,\"c\":123456789012345678,\"d\":-5 } ");

        assertThat(object.wholeNumber("a")).isEqualTo(OptionalLong.of(0));
        assertThat(object.wholeNumber("b")).isEqualTo(OptionalLong.of(0));
        assertThat(object.wholeNumber("c")).isEqualTo(OptionalLong.of(123_456_789_012_345_678L));
        assertThat(object.wholeNumber("d")).isEqualTo(OptionalLong.of(-5));
    }

    @Test
    void a_member_that_is_null_is_as_good_as_absent() throws MalformedAnswerException {
        JsonObject object = parse("{\"a\":null}");

        assertThat(object.string("a")).isEmpty();
        assertThat(object.wholeNumber("a")).isEmpty();
        assertThat(object.string("b")).isEmpty();
        assertThat(object.wholeNumber("b")).isEmpty();
    }

    @Test
    void a_member_of_another_kind_is_not_absent() throws MalformedAnswerException {
        JsonObject object = parse("{\"a\":true,\"b\":\"1\",\"c\":1,\"d\":1.0,\"e\":1e2}");

        assertThat(catchThrowableOfType(MalformedAnswerException.class, () -> object.string("a")))
                .isNotNull();
        assertThat(catchThrowableOfType(MalformedAnswerException.class, () -> object.string("c")))
                .isNotNull();
        assertThat(catchThrowableOfType(MalformedAnswerException.class, () -> object.wholeNumber("b")))
                .isNotNull();
        assertThat(catchThrowableOfType(MalformedAnswerException.class, () -> object.wholeNumber("d")))
                .isNotNull();
        assertThat(catchThrowableOfType(MalformedAnswerException.class, () -> object.wholeNumber("e")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u١٢٣٤\"}",
                "{\"a\":\"",
                "{\"a\":\"\\",
                "{\"a\":tru}",
                "{\"a\":nulL}",
                "{\"a\":NaN}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":00}",
                "{\"a\":0x1}",
                "{\"a\":[1,]}",
                "{\"a\":[}",
                "{'a':1}",
                "{\"a\":1}\u0000",
                "{\"a\":1}}"
            })
    void refuses_what_is_not_json(String text) {
        assertThat(problem(text.getBytes(StandardCharsets.UTF_8))).isEqualTo("is not one JSON object");
    }
}
