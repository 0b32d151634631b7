package dev.jeton.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of a JSON object. */
@Timeout(30)
class JsonReaderFuzzTest {
    private static final int MAX_EXPONENT = 308;
    /** Printing writes some numbers longer than they were, and so beyond what is read. */
    private static final Pattern TOO_LONG_NUMBER = Pattern.compile("[0-9.e-]{65}");

    @MethodSource("texts")
    @FuzzTest
    void reads_what_another_parser_reads_and_the_same_again_when_it_is_printed(byte[] utf8)
            throws MalformedJsonException, ParseException {
        String text = new String(utf8, StandardCharsets.UTF_8);
        Map<String, @Nullable Object> object;
        try {
            object = JsonReader.readObject(text);
        } catch (MalformedJsonException refused) {
            return;
        }

        NimbusJson.read(text).ifPresent(other -> assertThat(inDoubles(object)).isEqualTo(inDoubles(other)));
        String printed = printed(object);
        if (!TOO_LONG_NUMBER.matcher(printed).find()) {
            assertThat(JsonReader.readObject(printed)).isEqualTo(object);
        }
    }

    static Stream<byte[]> texts() {
        return Stream.of(
                        "{}",
                        "{\"a\":1,\"b\":[-2.50,1e3,true,false,null,{\"\":\"\"}]}",
                        "\t{ \"\\u0061\\\"\\\\\\/\\b\\f\\n\\r\\t\" : \"é漢😀\\ud83d\\ude00\" }\r\n",
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":922337203685477580808}",
                        "{\"a\":9223372036854775808,\"b\":1e308,\"c\":1e-308}",
                        "{\"a\":99e308}",
                        "{\"a\":" + "6".repeat(64) + "}",
                        "{\"a\":0.01e-308,\"b\":-0e308}",
                        TestToken.token().payloadJson())
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** The other parser keeps numbers that are not long ones as doubles, and the sign of a zero with them. */
    private static @Nullable Object inDoubles(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            Map<Object, @Nullable Object> members = new LinkedHashMap<>();
            object.forEach((name, member) -> members.put(name, inDoubles(member)));
            return members;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonReaderFuzzTest::inDoubles).collect(Collectors.toList());
        }
        return value instanceof BigDecimal || value instanceof Double ? ((Number) value).doubleValue() + 0.0 : value;
    }

    private static String printed(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                    .map(member -> printed(member.getKey()) + ":" + printed(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonReaderFuzzTest::printed).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof String string) {
            return string.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining("", "\"", "\""));
        }
        return value instanceof BigDecimal decimal ? printed(decimal) : Objects.toString(value);
    }

    /** With the scale that it has, so that it is equal when it is read, and an exponent no greater than is allowed. */
    private static String printed(BigDecimal decimal) {
        int exponent = Math.max(-decimal.scale(), -MAX_EXPONENT);
        return decimal.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }
}
