package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of a JWK Set. */
@Timeout(30)
class KeySetFuzzTest {
    private static final List<String> TOKENS = List.of(
            token().withoutHeader("kid").signed(),
            token("PS256", "rsa").withoutHeader("kid").signed(TestKey.RSA.ps256()),
            token("ES256", "p256").withoutHeader("kid").signed(TestKey.P256.es256()),
            token("EdDSA", "ed25519").withoutHeader("kid").signed(TestKey.ED25519.eddsa()));

    @MethodSource("texts")
    @FuzzTest
    void refuses_a_text_or_makes_keys_of_it_that_verify_or_reject(byte[] utf8) {
        KeySet keys;
        try {
            keys = KeySet.parse(new String(utf8, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }

        // A key that no provider can use has to be left out above: here it would be a fault for each token.
        TOKENS.forEach(token -> verify(token, keys));
    }

    static Stream<byte[]> texts() {
        return Stream.of(
                        TestKey.jwks(),
                        TestKey.jwks(TestKey.RSA.jwk("'kid':'rsa','use':'sig','alg':'RS256','key_ops':['verify']")),
                        TestKey.jwks(TestKey.P256.jwk("'kid':'p256','alg':'ES256','x5c':['MIIB']")),
                        TestKey.jwks(TestKey.ED25519.jwk("'kid':'ed25519','alg':'EdDSA'")),
                        TestKey.jwks(TestKey.rsa(3072, 3).jwk(""), TestKey.P256.jwk(""), TestKey.ED25519.jwk("")),
                        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                        "<html></html>")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
