package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.ISSUER;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.compact;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any header and any payload under a right signature: an issuer gone wrong, or one whose key was stolen. */
@Timeout(30)
class SignedTokenFuzzTest {
    private static final AccessTokenVerifier VERIFIER = verifier(KeySet.ofSecret(TestKey.SECRET))
            .algorithms(SignatureAlgorithm.HS256)
            .build();

    @MethodSource("headers_and_payloads")
    @FuzzTest
    void accepts_only_what_another_library_accepts(byte @NotNull [] header, byte @NotNull [] payload)
            throws ParseException {
        String token = compact(header, payload, TestKey.hs256(TestKey.SECRET));

        if (VERIFIER.verify(token) instanceof Verification.Verified) {
            NimbusJson.read(new String(header, StandardCharsets.UTF_8)).ifPresent(SignedTokenFuzzTest::checkHeader);
            NimbusJson.read(new String(payload, StandardCharsets.UTF_8)).ifPresent(SignedTokenFuzzTest::checkClaims);
        }
    }

    private static void checkHeader(Map<String, Object> header) {
        assertThat(header).containsEntry("alg", "HS256").doesNotContainKey("crit");
        assertThat(((String) header.getOrDefault("typ", "JWT")).toLowerCase(Locale.ROOT))
                .isIn("jwt", "at+jwt", "application/at+jwt");
    }

    private static void checkClaims(Map<String, Object> claims) {
        assertThat(claims).doesNotContainKey("cnf");
        assertThatCode(() -> new NimbusChecks().verify(JWTClaimsSet.parse(claims), null))
                .doesNotThrowAnyException();
    }

    /** Cuts fractions of a second off, and so is given more leeway. */
    private static final class NimbusChecks extends DefaultJWTClaimsVerifier<SecurityContext> {
        NimbusChecks() {
            super(AUDIENCE, new JWTClaimsSet.Builder().issuer(ISSUER).build(), Set.of("exp"));
            setMaxClockSkew(6);
        }

        @Override
        protected Date currentTime() {
            return Date.from(NOW);
        }
    }

    static Stream<Arguments> headers_and_payloads() {
        TestToken token = token().header("alg", "'HS256'").withoutHeader("kid");
        TestToken rfc9068 = token().header("alg", "'HS256'")
                .header("typ", "'at+jwt'")
                .without("azp")
                .without("gty")
                .claim("client_id", "'orders-daemon'")
                .claim("permissions", "['read:orders']")
                .claim("aud", "['https://other.example','" + AUDIENCE + "']")
                .claim("nbf", NOW.getEpochSecond())
                .claim("exp", NOW.getEpochSecond() + ".5e0")
                .claim("limits", "{'orders':[1,2.50,null,true]}");
        return Stream.of(token, rfc9068)
                .map(seed -> arguments(
                        seed.headerJson().getBytes(StandardCharsets.UTF_8),
                        seed.payloadJson().getBytes(StandardCharsets.UTF_8)));
    }
}
