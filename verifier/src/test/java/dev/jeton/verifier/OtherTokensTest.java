package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What else goes about in OAuth and OpenID Connect, right in its own way, sent to an API as if it were for it. */
class OtherTokensTest {
    @Test
    void refuses_an_id_token() {
        String idToken = token().without("scope")
                .without("gty")
                .without("azp")
                .claim("sub", "'auth0|5f7c8ec7c33c6c004bbafe82'")
                .claim("aud", "'orders-daemon'")
                .claim("nonce", "'n-0S6_WzA2Mj'")
                .claim("at_hash", "'77QmUPtjPfzWtF2AnpK9RQ'")
                .signed();

        assertThat(verify(idToken)).isEqualTo(rejected(Rejection.WRONG_AUDIENCE));
    }

    @Test
    void refuses_a_refresh_token() {
        assertThat(verify("v1.MWyTsgBXlIR0cMHqUeVYbBKZqGqU5GmNEsTk8XoE")).isEqualTo(rejected(Rejection.MALFORMED));
    }

    @Test
    void refuses_a_token_for_the_management_of_the_issuer() {
        String management = token().claim("aud", "'" + ISSUER + "api/v2/'").signed();

        assertThat(verify(management)).isEqualTo(rejected(Rejection.WRONG_AUDIENCE));
    }

    /** RFC 9449 §4.2. */
    @Test
    void refuses_a_proof_of_possession() {
        TestToken proof = token("ES256", "p256")
                .header("typ", "'dpop+jwt'")
                .header("jwk", TestKey.P256.jwk("").replace('"', '\''))
                .claim("htm", "'GET'")
                .claim("htu", "'" + AUDIENCE + "'");

        assertThat(verify(proof.signed(TestKey.P256.es256()))).isEqualTo(rejected(Rejection.WRONG_TYPE));
        assertThat(verify(proof.withoutHeader("kid").signed(TestKey.P256.es256())))
                .isEqualTo(rejected(Rejection.WRONG_TYPE));
    }

    /** RFC 7523 §3: a client signs it with a key of its own, and may call that key what it likes. */
    @Test
    void refuses_a_client_assertion() {
        TestToken assertion = token("RS256", "key of the client")
                .without("scope")
                .claim("iss", "'orders-daemon'")
                .claim("sub", "'orders-daemon'")
                .claim("aud", "'" + ISSUER + "'");

        assertThat(verify(assertion.signed(TestKey.OTHER_RSA.rs256()))).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        assertThat(verify(assertion.header("kid", "'rsa'").signed(TestKey.OTHER_RSA.rs256())))
                .isEqualTo(rejected(Rejection.BAD_SIGNATURE));
        assertThat(verify(assertion.signed())).isEqualTo(rejected(Rejection.WRONG_ISSUER));
    }

    /** OpenID Connect Back-Channel Logout 1.0 §2.4. */
    @Test
    void refuses_a_logout_token() {
        String logout = token().header("typ", "'logout+jwt'")
                .claim("events", "{'http://schemas.openid.net/event/backchannel-logout':{}}")
                .signed();

        assertThat(verify(logout)).isEqualTo(rejected(Rejection.WRONG_TYPE));
    }

    @Test
    void refuses_a_token_of_another_issuer_even_if_it_names_the_same_key_and_api() {
        TestToken foreign = token().claim("iss", "'https://other.example/'");

        assertThat(verify(foreign.signed(TestKey.OTHER_RSA.rs256()))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
        assertThat(verify(foreign.signed())).isEqualTo(rejected(Rejection.WRONG_ISSUER));
    }

    @Test
    void refuses_the_token_that_the_issuer_signed_for_another_api_long_ago() {
        String old = token().claim("aud", "'https://other.example'")
                .claim("iat", NOW.minusSeconds(86_400).getEpochSecond())
                .claim("exp", NOW.minusSeconds(1).getEpochSecond())
                .signed();

        assertThat(verify(old)).isEqualTo(rejected(Rejection.WRONG_AUDIENCE));
    }
}
