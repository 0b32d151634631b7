package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of an Authorization header. */
@Timeout(30)
class AuthorizationHeaderFuzzTest {
    private static final String GENUINE = token().signed();
    private static final ResourceGuard GUARD = ResourceGuard.of(verifier(KEYS).build());

    @MethodSource("headers")
    @FuzzTest
    void lets_in_the_genuine_token_alone_and_answers_the_rest_in_printable_ascii(byte[] utf8) {
        String header = new String(utf8, StandardCharsets.UTF_8);

        Access access = GUARD.check(List.of(header), Requirement.validToken());

        if (access instanceof Access.Refused refused) {
            assertThat(refused.refusal().status()).isIn(400, 401);
            refused.refusal()
                    .headers()
                    .values()
                    .forEach(value -> assertThat(value).matches("[ -~]+"));
            assertThat(refused.refusal().body())
                    .matches("\\{\"error\":\"[ -!#-\\[\\]-~]+\",\"error_description\":\"[ -!#-\\[\\]-~]+\"}");
        } else {
            assertThat(header.strip()).matches("(?i)bearer +\\Q" + GENUINE + "\\E");
        }
    }

    static Stream<byte[]> headers() {
        return Stream.of(
                        "",
                        "Bearer",
                        "Bearer ",
                        "Basic YTpi",
                        "Bearer " + GENUINE,
                        "bearer   " + GENUINE + " ",
                        "Bearer " + GENUINE + ", Bearer " + GENUINE,
                        "Bearer \"a\\b\"",
                        "Bearer a\r\nSet-Cookie: b",
                        "Bearer é")
                .map(header -> header.getBytes(StandardCharsets.UTF_8));
    }
}
