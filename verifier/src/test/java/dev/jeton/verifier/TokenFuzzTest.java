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

/** Any text in place of a token. */
@Timeout(30)
class TokenFuzzTest {
    private static final AccessTokenVerifier VERIFIER = verifier(KEYS).build();
    private static final List<String> GENUINE = List.of(
            token().signed(),
            token("PS256", "rsa").signed(TestKey.RSA.ps256()),
            token("ES256", "p256").signed(TestKey.P256.es256()),
            token("EdDSA", "ed25519").signed(TestKey.ED25519.eddsa()));

    @MethodSource("texts")
    @FuzzTest
    void verifies_only_what_the_issuer_signed_and_rejects_the_rest(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);

        if (VERIFIER.verify(text) instanceof Verification.Verified) {
            assertThat(GENUINE).contains(text);
        }
    }

    static Stream<byte[]> texts() {
        Stream<String> others = Stream.of(
                "",
                "eyJhbGciOiJub25lIn0.e30.",
                "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.e30.AA",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA",
                "Bearer e30.e30.e30");
        return Stream.concat(GENUINE.stream(), others).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
