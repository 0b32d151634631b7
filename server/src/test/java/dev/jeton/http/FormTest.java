package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
    /** Text with all that is special to a form or to UTF-8. */
    static String text(Random random) {
        String special = "&=+% %41;/?#\"\\\u0000\n\u00e9\u20ac";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append((char) ('a' + random.nextInt(26)));
                case 1 -> text.appendCodePoint(0x1f600 + random.nextInt(64));
                default -> text.append(special.charAt(random.nextInt(special.length())));
            }
        }
        return text.toString();
    }

    private static String print(Map<String, List<String>> parameters) {
        return parameters.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> encode(entry.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void what_was_printed_is_read_back() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            Map<String, List<String>> parameters = new LinkedHashMap<>();
            for (int count = random.nextInt(5); count > 0; count--) {
                parameters.computeIfAbsent(text(random), _ -> new ArrayList<>()).add(text(random));
            }

            Form form = Form.parse(print(parameters));

            assertThat(form.names()).containsExactlyElementsOf(parameters.keySet());
            parameters.forEach((name, values) -> assertThat(form.all(name)).isEqualTo(values));
        }
    }

    @Test
    void octets_of_any_kind_are_read_or_refused_and_nothing_else() {
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            byte[] octets = new byte[random.nextInt(12)];
            for (int j = 0; j < octets.length; j++) {
                octets[j] =
                        (byte) (random.nextBoolean() ? "%=&+cf089aFE".charAt(random.nextInt(12)) : random.nextInt());
            }
            try {
                Form.parse(new String(octets, StandardCharsets.UTF_8));
            } catch (Form.MalformedException e) {
                assertThat(e.getMessage())
                        .as("never what was sent")
                        .matches("(a percent sign|the octets) [a-zA-Z0-9 -]+");
            }
        }
    }

    @Test
    void a_plus_sign_is_a_space_in_a_form_and_a_plus_sign_in_a_path() {
        assertThat(Form.decode("a+b%2B%20", true)).isEqualTo("a b+ ");
        assertThat(Form.decode("a+b%2B%20", false)).isEqualTo("a+b+ ");
    }

    @Test
    void a_name_without_a_value_has_the_empty_one() {
        Form form = Form.parse("a&b=&=c&d=e=f");

        assertThat(form.first("a")).contains("");
        assertThat(form.first("b")).contains("");
        assertThat(form.first("")).contains("c");
        assertThat(form.first("d")).contains("e=f");
        assertThat(form.first("x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%", "%2", "a%", "a%4", "%zz", "%-1", "%+1", "% 1", "%ff", "%c0%af", "%ed%a0%80", "%f4%90%80%80"
            })
    void what_is_not_form_encoded_utf_8_is_refused(String text) {
        assertThatThrownBy(() -> Form.parse("name=" + text)).isInstanceOf(Form.MalformedException.class);
        assertThatThrownBy(() -> Form.parse(text + "=value")).isInstanceOf(Form.MalformedException.class);
    }
}
