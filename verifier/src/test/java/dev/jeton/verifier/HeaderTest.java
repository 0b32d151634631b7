package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks by the JOSE header, other than by {@code alg}. */
class HeaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"'JWT'", "'jwt'", "'at+jwt'", "'AT+JWT'", "'application/at+jwt'", "'Application/At+Jwt'"})
    void accepts_the_types_of_an_access_token_in_any_case(String typ) {
        assertThat(verify(token().header("typ", typ).signed())).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void accepts_a_token_without_typ() {
        assertThat(verify(token().withoutHeader("typ").signed())).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'dpop+jwt'",
                "'logout+jwt'",
                "'secevent+jwt'",
                "'client-authentication+jwt'",
                "'id+jwt'",
                "'JOSE'",
                "'at+jwt '",
                "''",
                "null",
                "1",
                "['JWT']"
            })
    void refuses_every_other_type(String typ) {
        assertThat(verify(token().header("typ", typ).signed())).isEqualTo(rejected(Rejection.WRONG_TYPE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"['b64']", "['exp']", "['unknown']", "[]", "null", "'b64'", "['crit']"})
    void refuses_a_critical_header(String crit) {
        String token = token().header("crit", crit).header("b64", "false").signed();

        assertThat(verify(token)).isEqualTo(rejected(Rejection.CRITICAL_HEADER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "",
                "RSA",
                "rsa ",
                "../../etc/passwd",
                "' OR 1=1",
                "http://evil.example/",
                "rsa\\u0000",
                "*"
            })
    void refuses_a_kid_that_is_not_in_the_set(String kid) {
        String header = "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}";

        String token = TestToken.compact(header, token().payloadJson(), TestKey.RSA.rs256());

        assertThat(verify(token)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @Test
    void refuses_a_kid_of_ten_kilobytes() {
        String token = token("RS256", "k".repeat(10 * 1024)).signed();

        assertThat(verify(token)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "['rsa']", "{'kid':'rsa'}"})
    void refuses_a_kid_that_is_not_a_string(String kid) {
        assertThat(verify(token().header("kid", kid).signed())).isEqualTo(rejected(Rejection.MALFORMED));
    }

    @Test
    void takes_the_only_key_that_serves_alg_for_a_token_without_kid() {
        assertThat(verify(token().withoutHeader("kid").signed(), KEYS)).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void refuses_a_token_without_kid_if_two_keys_serve_its_alg() {
        KeySet two = KeySet.parse(TestKey.jwks(TestKey.RSA.jwk("'kid':'rsa'"), TestKey.OTHER_RSA.jwk("'kid':'other'")));

        assertThat(verify(token().withoutHeader("kid").signed(), two)).isEqualTo(rejected(Rejection.AMBIGUOUS_KEY));
    }

    @Test
    void refuses_a_token_whose_kid_names_two_keys() {
        KeySet twins = KeySet.parse(TestKey.jwks(TestKey.RSA.jwk("'kid':'rsa'"), TestKey.OTHER_RSA.jwk("'kid':'rsa'")));

        assertThat(verify(token().signed(), twins)).isEqualTo(rejected(Rejection.AMBIGUOUS_KEY));
        assertThat(verify(token().signed(TestKey.OTHER_RSA.rs256()), twins))
                .isEqualTo(rejected(Rejection.AMBIGUOUS_KEY));
    }

    @Test
    void tells_keys_with_one_kid_apart_by_their_type() {
        KeySet shared = KeySet.parse(TestKey.jwks(TestKey.RSA.jwk("'kid':'k'"), TestKey.P256.jwk("'kid':'k'")));

        assertThat(verify(token("RS256", "k").signed(), shared)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(token("ES256", "k").signed(TestKey.P256.es256()), shared))
                .isInstanceOf(Verification.Verified.class);
    }

    @Test
    void never_uses_a_key_that_the_token_brings_or_points_to() {
        TestToken forged = token().header(
                        "jwk", TestKey.OTHER_RSA.jwk("'kid':'rsa'").replace('"', '\''))
                .header("jku", "'https://evil.example/jwks.json'")
                .header("x5u", "'https://evil.example/certificate.pem'")
                .header("x5c", "['MIIB']");

        assertThat(verify(forged.signed(TestKey.OTHER_RSA.rs256()))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
        assertThat(verify(forged.withoutHeader("kid").signed(TestKey.OTHER_RSA.rs256())))
                .isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    /** On the machine of the API such an address may answer what it answers no stranger. */
    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u", "kid", "iss"})
    void opens_no_connection_to_an_address_in_the_token(String parameter) throws IOException {
        try (ServerSocketChannel listener =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            listener.configureBlocking(false);
            String address = "'http://127.0.0.1:" + listener.socket().getLocalPort() + "/keys'";

            Verification verification = verify(
                    token().header(parameter, address).claim("iss", address).signed(TestKey.OTHER_RSA.rs256()));

            assertThat(verification).isInstanceOf(Verification.Rejected.class);
            assertThat(listener.accept()).isNull();
        }
    }

    @Test
    void refuses_a_token_nested_in_another() {
        String inner = token().signed();

        String outer = TestToken.compact(token().header("cty", "'JWT'").headerJson(), inner, TestKey.RSA.rs256());

        assertThat(verify(outer)).isEqualTo(rejected(Rejection.MALFORMED));
    }

    /** RFC 7797: the payload would stand in the token as it is, if this extension were understood. */
    @Test
    void refuses_a_payload_that_is_not_encoded() {
        String header =
                Base64Url.encode(token().header("b64", "false").headerJson().getBytes(StandardCharsets.UTF_8));

        String token = TestToken.signed(header + "." + "{\"exp\":1}", TestKey.RSA.rs256());

        assertThat(verify(token)).isEqualTo(rejected(Rejection.MALFORMED));
    }
}
