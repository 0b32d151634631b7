package dev.jeton.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of a form. */
@Timeout(30)
class FormFuzzTest {
    @MethodSource("texts")
    @FuzzTest
    void reads_the_same_again_when_it_is_printed(byte[] utf8) {
        Form form;
        try {
            form = Form.parse(new String(utf8, UTF_8));
        } catch (Form.MalformedException refused) {
            return;
        }

        Form again = Form.parse(printed(form));

        assertThat(again.names()).containsExactlyElementsOf(form.names());
        assertThat(form.names()).allSatisfy(name -> assertThat(again.all(name)).isEqualTo(form.all(name)));
    }

    static Stream<byte[]> texts() {
        return Stream.of(
                        "",
                        "grant_type=client_credentials&audience=https%3A%2F%2Fapi.example%2Forders",
                        "a=1&a=2&b&=c&&d==",
                        "scope=read:a+write:a&c3%A9=%c3%A9",
                        "a=%f0%9f%98%80&b=😀",
                        "%",
                        "%4",
                        "%zz",
                        "%ff",
                        "%ed%a0%80")
                .map(text -> text.getBytes(UTF_8));
    }

    private static String printed(Form form) {
        return form.names().stream()
                .flatMap(name -> form.all(name).stream().map(value -> encoded(name) + "=" + encoded(value)))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
