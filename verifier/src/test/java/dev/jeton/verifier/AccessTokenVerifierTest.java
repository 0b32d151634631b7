package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenVerifierTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void cannot_be_built_without_issuer_and_audience(String blank) {
        KeySource keys = KeySource.of(KEYS);

        assertThatIllegalArgumentException().isThrownBy(() -> AccessTokenVerifier.builder(blank, AUDIENCE, keys));
        assertThatIllegalArgumentException().isThrownBy(() -> AccessTokenVerifier.builder(ISSUER, blank, keys));
    }

    @Test
    void takes_a_leeway_from_0_to_60_seconds() {
        AccessTokenVerifier.Builder builder = verifier(KEYS);

        assertThatCode(() -> builder.leeway(Duration.ZERO)).doesNotThrowAnyException();
        assertThatCode(() -> builder.leeway(Duration.ofSeconds(60))).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.leeway(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.leeway(Duration.ofMillis(60_001)));
    }

    @Test
    void never_allows_a_secret_along_with_public_keys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> verifier(KEYS).algorithms(SignatureAlgorithm.RS256, SignatureAlgorithm.HS256));
    }

    @Test
    void does_not_allow_hs256_unless_it_is_asked_for() {
        String token = token("HS256", "k").signed(TestKey.hs256(TestKey.SECRET));

        assertThat(verifier(KeySet.ofSecret(TestKey.SECRET)).build().verify(token))
                .isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
    }

    @Test
    void is_not_changed_by_the_builder_that_made_it() {
        AccessTokenVerifier.Builder builder = verifier(KEYS);
        AccessTokenVerifier verifier = builder.build();

        builder.algorithms(SignatureAlgorithm.ES256).clock(() -> Instant.EPOCH);

        assertThat(verifier.verify(token().signed())).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void asks_for_the_keys_anew_for_each_token() {
        AtomicReference<KeySet> current = new AtomicReference<>(KEYS);
        AccessTokenVerifier verifier = AccessTokenVerifier.builder(ISSUER, AUDIENCE, current::get)
                .clock(() -> NOW)
                .build();
        String token = token().signed();

        assertThat(verifier.verify(token)).isInstanceOf(Verification.Verified.class);
        current.set(KeySet.parse("{\"keys\":[]}"));
        assertThat(verifier.verify(token)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @Test
    void lets_the_failure_of_a_key_source_rise() {
        AccessTokenVerifier verifier = AccessTokenVerifier.builder(ISSUER, AUDIENCE, () -> {
                    throw new IllegalStateException("no keys yet");
                })
                .build();

        assertThatIllegalStateException().isThrownBy(() -> verifier.verify(token().signed()));
    }

    @Test
    void uses_the_clock_of_the_system_unless_told_otherwise() {
        AccessTokenVerifier verifier = AccessTokenVerifier.builder(ISSUER, AUDIENCE, KeySource.of(KEYS))
                .build();
        Instant now = Instant.now();

        assertThat(verifier.verify(token().claim("iat", now.getEpochSecond())
                        .claim("exp", now.plusSeconds(3600).getEpochSecond())
                        .signed()))
                .isInstanceOf(Verification.Verified.class);
        assertThat(verifier.verify(token().claim("exp", now.minusSeconds(3600).getEpochSecond())
                        .claim("iat", 0)
                        .signed()))
                .isEqualTo(rejected(Rejection.EXPIRED));
    }

    @Test
    void throws_the_reason_of_a_rejection_when_asked_for_the_token() {
        String expired = token().claim("exp", 1).signed();

        InvalidTokenException refusal = catchThrowableOfType(
                InvalidTokenException.class,
                () -> verifier(KEYS).build().verify(expired).orElseThrow());

        assertThat(refusal.rejection()).isEqualTo(Rejection.EXPIRED);
        assertThat(refusal).hasMessage("The token has expired.");
    }

    @ParameterizedTest
    @EnumSource
    void has_a_code_and_one_sentence_for_each_rejection(Rejection rejection) {
        assertThat(rejection.code()).matches("[a-z]+(_[a-z]+)*");
        assertThat(rejection.sentence()).matches("[A-Z][^.\"\\\\]+\\.").isASCII();
        assertThat(Arrays.stream(Rejection.values())
                        .filter(other -> other.code().equals(rejection.code())))
                .hasSize(1);
    }
}
