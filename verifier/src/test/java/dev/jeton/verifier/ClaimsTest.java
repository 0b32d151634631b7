package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that the issuer did sign and that are still not for this API, not now, or not well-formed. */
class ClaimsTest {
    private static final long SECOND = NOW.getEpochSecond();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://auth.example",
                "https://auth.example//",
                "https://AUTH.example/",
                "http://auth.example/",
                "https://auth.example/.evil/",
                "https://auth.example.evil/",
                "https://auth.example@evil.example/",
                "https://auth.example/#",
                "https://auth.example%2F",
                "https://auth.example/other/",
                "https://other.example/",
                "https://auth.example:443/",
                " https://auth.example/",
                "https://auth.example/ ",
                "auth.example",
                ""
            })
    void refuses_an_issuer_that_is_not_exactly_the_configured_one(String issuer) {
        assertThat(verify(token().claim("iss", "'" + issuer + "'").signed()))
                .isEqualTo(rejected(Rejection.WRONG_ISSUER));
    }

    @Test
    void refuses_a_token_without_issuer() {
        assertThat(verify(token().without("iss").signed())).isEqualTo(rejected(Rejection.WRONG_ISSUER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"['" + ISSUER + "']", "null", "1", "{}"})
    void refuses_an_issuer_that_is_not_a_string(String iss) {
        assertThat(verify(token().claim("iss", iss).signed())).isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'" + AUDIENCE + "'", "['" + AUDIENCE + "']", "['https://other.example','" + AUDIENCE + "']"})
    void accepts_an_audience_that_is_or_holds_this_api(String aud) {
        assertThat(verify(token().claim("aud", aud).signed())).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'https://api.example/order'",
                "'https://api.example/orders/'",
                "'https://api.example/orders2'",
                "'https://API.example/orders'",
                "'https://api.example'",
                "'https://other.example'",
                "' https://api.example/orders'",
                "''",
                "[]",
                "['']",
                "['https://api.example','/orders']",
                "'https://other.example https://api.example/orders'"
            })
    void refuses_an_audience_without_exactly_this_api(String aud) {
        assertThat(verify(token().claim("aud", aud).signed())).isEqualTo(rejected(Rejection.WRONG_AUDIENCE));
    }

    @Test
    void refuses_a_token_without_audience() {
        assertThat(verify(token().without("aud").signed())).isEqualTo(rejected(Rejection.WRONG_AUDIENCE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "1",
                "true",
                "{'" + AUDIENCE + "':1}",
                "['" + AUDIENCE + "',1]",
                "['" + AUDIENCE + "',null]",
                "[['" + AUDIENCE + "']]"
            })
    void refuses_an_audience_that_is_neither_a_string_nor_strings(String aud) {
        assertThat(verify(token().claim("aud", aud).signed())).isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
    }

    @ParameterizedTest
    @CsvSource({"3600, true", "1, true", "0, true", "-4, true", "-5, false", "-6, false", "-3600, false"})
    void accepts_a_token_until_five_seconds_after_exp(long seconds, boolean accepted) {
        assertAccepted(verify(token().claim("exp", SECOND + seconds).signed()), accepted, Rejection.EXPIRED);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "0, false", "-1, false"})
    void accepts_a_token_only_before_exp_without_leeway(long seconds, boolean accepted) {
        AccessTokenVerifier strict = verifier(KEYS).leeway(Duration.ZERO).build();

        assertAccepted(strict.verify(token().claim("exp", SECOND + seconds).signed()), accepted, Rejection.EXPIRED);
    }

    @ParameterizedTest
    @CsvSource({"-3600, true", "0, true", "5, true", "6, false", "3600, false"})
    void accepts_a_token_from_five_seconds_before_nbf(long seconds, boolean accepted) {
        assertAccepted(verify(token().claim("nbf", SECOND + seconds).signed()), accepted, Rejection.NOT_YET_VALID);
    }

    @ParameterizedTest
    @CsvSource({"-3600, true", "0, true", "5, true", "6, false", "3600, false"})
    void accepts_a_time_of_issue_up_to_five_seconds_ahead(long seconds, boolean accepted) {
        assertAccepted(
                verify(token().claim("iat", SECOND + seconds).signed()), accepted, Rejection.ISSUED_IN_THE_FUTURE);
    }

    @Test
    void accepts_a_token_without_nbf_and_iat() {
        assertThat(verify(token().without("iat").signed())).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void refuses_a_token_without_exp() {
        assertThat(verify(token().without("exp").signed())).isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
    }

    /** Each bound has its own leeway, so within twice that a token may pass whose times contradict each other. */
    @ParameterizedTest
    @CsvSource({
        "-3600, 0, EXPIRED",
        "-5, 5, EXPIRED",
        "-4, 6, ISSUED_IN_THE_FUTURE",
        "1800, 3600, ISSUED_IN_THE_FUTURE",
        "-4, 5, "
    })
    void refuses_a_token_that_expires_before_it_was_issued(long exp, long iat, @Nullable Rejection reason) {
        Verification verification = verify(
                token().claim("exp", SECOND + exp).claim("iat", SECOND + iat).signed());

        if (reason == null) {
            assertThat(verification).isInstanceOf(Verification.Verified.class);
        } else {
            assertThat(verification).isEqualTo(rejected(reason));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "nbf", "iat"})
    void takes_fractions_of_a_second(String date) {
        assertThat(verify(token().claim(date, SECOND + ".5").signed())).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "nbf", "iat"})
    void refuses_a_date_that_is_not_a_number_of_seconds_up_to_the_year_9999(String date) {
        for (String json : new String[] {
            "'" + SECOND + "'",
            "'2026-11-23T12:00:00Z'",
            "null",
            "true",
            "[" + SECOND + "]",
            "{}",
            "-1",
            "-0.5",
            "253402300800",
            SECOND + "000",
            "9007199254740992",
            "9223372036854775807",
            "9223372036854775808",
            "1e300"
        }) {
            assertThat(verify(token().claim(date, json).signed()))
                    .as("%s %s", date, json)
                    .isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "azp", "client_id", "jti", "scope", "gty"})
    void refuses_a_claim_that_should_be_a_string_and_is_not(String claim) {
        for (String json : new String[] {"null", "1", "true", "[]", "['read:orders']", "{}"}) {
            assertThat(verify(token().claim(claim, json).signed()))
                    .as("%s %s", claim, json)
                    .isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "'read:orders'", "1", "{}", "[1]", "['read:orders',null]"})
    void refuses_permissions_that_are_not_strings(String permissions) {
        assertThat(verify(token().claim("permissions", permissions).signed()))
                .isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
    }

    @Test
    void refuses_a_token_that_names_two_clients() {
        assertThat(verify(token().claim("client_id", "'other'").signed()))
                .isEqualTo(rejected(Rejection.MALFORMED_CLAIM));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'jkt':'0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'}", "{'x5t#S256':'AA'}", "{}", "null"})
    void refuses_a_token_that_is_bound_to_a_key_of_its_holder(String cnf) {
        assertThat(verify(token().claim("cnf", cnf).signed())).isEqualTo(rejected(Rejection.SENDER_CONSTRAINED));
    }

    @Test
    void looks_at_claims_only_after_the_signature() {
        String forged =
                token().claim("iss", "'https://evil.example/'").claim("exp", 1).signed(TestKey.OTHER_RSA.rs256());

        assertThat(verify(forged)).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    private static void assertAccepted(Verification verification, boolean accepted, Rejection otherwise) {
        if (accepted) {
            assertThat(verification).isInstanceOf(Verification.Verified.class);
        } else {
            assertThat(verification).isEqualTo(rejected(otherwise));
        }
    }
}
