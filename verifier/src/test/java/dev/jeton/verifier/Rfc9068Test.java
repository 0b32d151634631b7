package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A verifier that takes nothing but the profile of RFC 9068. */
class Rfc9068Test {
    private static final AccessTokenVerifier STRICT =
            verifier(KEYS).requireRfc9068().build();

    private static TestToken profile() {
        return token().header("typ", "'at+jwt'").without("gty").without("azp").claim("client_id", "'orders-daemon'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "AT+JWT", "application/at+jwt"})
    void accepts_a_token_of_the_profile(String type) {
        assertThat(STRICT.verify(profile().header("typ", "'" + type + "'").signed()))
                .isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'JWT'", "'jwt'", "'dpop+jwt'", "''", "null"})
    void refuses_another_type(String type) {
        assertThat(STRICT.verify(profile().header("typ", type).signed())).isEqualTo(rejected(Rejection.WRONG_TYPE));
    }

    @Test
    void refuses_a_token_without_type() {
        assertThat(STRICT.verify(profile().withoutHeader("typ").signed())).isEqualTo(rejected(Rejection.WRONG_TYPE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "client_id", "iat", "jti", "exp"})
    void refuses_a_token_without_a_required_claim(String name) {
        assertThat(STRICT.verify(profile().without(name).signed())).isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
    }
}
