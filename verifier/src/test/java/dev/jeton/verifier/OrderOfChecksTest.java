package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.compact;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.verifier.TestKey.Signer;
import org.junit.jupiter.api.Test;

/** A token with every fault at once is refused for the first of them; mended one by one, for the next. */
class OrderOfChecksTest {
    private static final Signer WRONG_KEY = TestKey.OTHER_RSA.rs256();

    @Test
    void looks_at_size_then_shape_then_header_then_key_then_signature_then_claims() {
        TestToken token = token().header("alg", "'none'")
                .header("typ", "'id+jwt'")
                .header("crit", "['b64']")
                .header("kid", "1")
                .claim("iss", "'https://evil.example/'")
                .claim("aud", "'https://other.example'")
                .claim("exp", 0)
                .claim("nbf", NOW.plusSeconds(60).getEpochSecond())
                .claim("iat", NOW.plusSeconds(60).getEpochSecond())
                .claim("cnf", "{}")
                .claim("scope", "[]");
        String broken = compact(token.headerJson(), token.payloadJson() + "}", WRONG_KEY);

        assertThat(verify(broken + "A".repeat(16 * 1024))).isEqualTo(rejected(Rejection.TOKEN_TOO_LARGE));
        assertThat(verify(broken)).isEqualTo(rejected(Rejection.MALFORMED));

        assertThat(verify(token.signed(WRONG_KEY))).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
        token.header("alg", "'RS256'");
        assertThat(verify(token.signed(WRONG_KEY))).isEqualTo(rejected(Rejection.WRONG_TYPE));
        token.header("typ", "'at+jwt'");
        assertThat(verify(token.signed(WRONG_KEY))).isEqualTo(rejected(Rejection.CRITICAL_HEADER));
        token.withoutHeader("crit");
        assertThat(verify(token.signed(WRONG_KEY))).isEqualTo(rejected(Rejection.MALFORMED));
        token.header("kid", "'unknown'");
        assertThat(verify(token.signed(WRONG_KEY))).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        token.header("kid", "'rsa'");
        assertThat(verify(token.signed(WRONG_KEY))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));

        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.WRONG_ISSUER));
        token.claim("iss", "'" + ISSUER + "'");
        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.WRONG_AUDIENCE));
        token.claim("aud", "'" + AUDIENCE + "'");
        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.EXPIRED));
        token.claim("exp", NOW.plusSeconds(3600).getEpochSecond());
        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.NOT_YET_VALID));
        token.without("nbf");
        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.ISSUED_IN_THE_FUTURE));
        token.without("iat");
        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.SENDER_CONSTRAINED));
        token.without("cnf");
        assertThat(verify(token.signed())).isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
        token.without("scope");
        assertThat(verify(token.signed())).isInstanceOf(Verification.Verified.class);
    }
}
