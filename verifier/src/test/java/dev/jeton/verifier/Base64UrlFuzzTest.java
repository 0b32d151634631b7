package dev.jeton.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of base64url. */
@Timeout(30)
class Base64UrlFuzzTest {
    @MethodSource("texts")
    @FuzzTest
    void has_one_text_for_the_same_bytes(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Optional<byte[]> decoded = Base64Url.decode(text);

        if (decoded.isPresent()) {
            assertThat(text).matches("[A-Za-z0-9_-]*");
            assertThat(Base64Url.encode(decoded.get())).isEqualTo(text);
        }
        assertThat(Base64Url.decode(Base64Url.encode(input))).hasValue(input);
    }

    static Stream<byte[]> texts() {
        return Stream.of("", "AA", "AB", "AAA", "AAAA", "AAAAA", "AA==", "_-8", "/+8", "A A", "AA\n", "é")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
