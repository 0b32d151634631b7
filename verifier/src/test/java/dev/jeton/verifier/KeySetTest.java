package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeySetTest {
    private static final BigInteger MODULUS = ((RSAPublicKey) TestKey.RSA.publicKey()).getModulus();
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    private static final byte[] X = coordinates()[0];
    private static final byte[] Y = coordinates()[1];

    private static final byte[] P256_PRIME =
            HexFormat.of().parseHex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    /** With x = 0 this y is a point of P-256, and with x = p too, for a check that only computes modulo p. */
    private static final byte[] ROOT_OF_B =
            HexFormat.of().parseHex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");

    private static final String SECP256K1_GENERATOR = "{"
            + TestKey.ecMaterial(
                    HexFormat.of().parseHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
                    HexFormat.of().parseHex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"))
            + "}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'kid':'k'",
                "'use':'sig'",
                "'alg':'RS256'",
                "'alg':'RS512'",
                "'alg':'PS256'",
                "'key_ops':['verify']",
                "'key_ops':['sign','verify']",
                "'kid':'k','use':'sig','alg':'RS256','x5t':'AA','x5c':['not even base64'],'custom':{'a':[1]}"
            })
    void uses_an_rsa_entry_for_rs256_rs512_and_ps256_whichever_of_them_its_alg_names(String members) {
        KeySet keys = KeySet.parse(TestKey.jwks(TestKey.RSA.jwk(members)));

        assertThat(serves(keys, SignatureAlgorithm.RS256)).isTrue();
        assertThat(serves(keys, SignatureAlgorithm.RS512)).isTrue();
        assertThat(serves(keys, SignatureAlgorithm.PS256)).isTrue();
        assertThat(serves(keys, SignatureAlgorithm.ES256)).isFalse();
        assertThat(serves(keys, SignatureAlgorithm.EDDSA)).isFalse();
        assertThat(serves(keys, SignatureAlgorithm.HS256)).isFalse();
    }

    @Test
    void pins_the_other_types_to_one_algorithm_each() {
        KeySet p256 = KeySet.parse(TestKey.jwks(TestKey.P256.jwk("")));
        KeySet ed25519 = KeySet.parse(TestKey.jwks(TestKey.ED25519.jwk("")));
        KeySet secret = KeySet.ofSecret(TestKey.SECRET);

        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            assertThat(serves(p256, algorithm)).isEqualTo(algorithm == SignatureAlgorithm.ES256);
            assertThat(serves(ed25519, algorithm)).isEqualTo(algorithm == SignatureAlgorithm.EDDSA);
            assertThat(serves(secret, algorithm)).isEqualTo(algorithm == SignatureAlgorithm.HS256);
        }
    }

    @ParameterizedTest
    @MethodSource("unusable_entries")
    void ignores_an_entry_that_is_not_usable_and_keeps_the_rest(String entry) {
        KeySet alone = KeySet.parse(TestKey.jwks(entry));
        KeySet besideOther = KeySet.parse(TestKey.jwks(entry, TestKey.RSA.jwk("'kid':'rsa'")));

        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            assertThat(serves(alone, algorithm)).isFalse();
        }
        assertThat(verify(token().signed(), besideOther)).isInstanceOf(Verification.Verified.class);
    }

    static Stream<Arguments> unusable_entries() {
        return Stream.of(
                argumentSet("empty", "{}"),
                argumentSet("unknown kty", "{\"kty\":\"PQC\"}"),
                argumentSet("kty in lower case", TestKey.RSA.jwk("").replace("RSA", "rsa")),
                argumentSet("kty is a number", "{\"kty\":1}"),
                argumentSet(
                        "secret",
                        "{\"kty\":\"oct\",\"k\":\"" + Base64Url.encode(TestKey.SECRET) + "\",\"alg\":\"HS256\"}"),
                argumentSet("for encryption", TestKey.RSA.jwk("'use':'enc'")),
                argumentSet("use is not a string", TestKey.RSA.jwk("'use':['sig']")),
                argumentSet("use is null", TestKey.RSA.jwk("'use':null")),
                argumentSet("for encryption by key_ops", TestKey.RSA.jwk("'key_ops':['encrypt']")),
                argumentSet("key_ops is not a list", TestKey.RSA.jwk("'key_ops':'verify'")),
                argumentSet("kid is a number", TestKey.RSA.jwk("'kid':1")),
                argumentSet("alg for encryption", TestKey.RSA.jwk("'alg':'RSA-OAEP-256'")),
                argumentSet("alg RS384", TestKey.RSA.jwk("'alg':'RS384'")),
                argumentSet("alg HS256 on an RSA key", TestKey.RSA.jwk("'alg':'HS256'")),
                argumentSet("alg of another type", TestKey.P256.jwk("'alg':'EdDSA'")),
                argumentSet("alg is null", TestKey.P256.jwk("'alg':null")),
                argumentSet(
                        "RSA without e", "{\"kty\":\"RSA\",\"n\":\"" + Base64Url.encode(MODULUS.toByteArray()) + "\"}"),
                argumentSet("RSA of 512 bits", TestKey.rsa(512, 65537).jwk("")),
                argumentSet("RSA of 1024 bits", TestKey.rsa(1024, 65537).jwk("")),
                argumentSet("RSA of 2047 bits", rsa(MODULUS.shiftRight(1).setBit(0), EXPONENT)),
                argumentSet(
                        "RSA of 2047 bits with zeros before",
                        rsa(MODULUS.shiftRight(1).setBit(0), EXPONENT).replace("\"n\":\"", "\"n\":\"AAAA")),
                argumentSet(
                        "RSA of 8193 bits", rsa(BigInteger.ONE.shiftLeft(8192).setBit(0), EXPONENT)),
                argumentSet("RSA with an even modulus", rsa(MODULUS.clearBit(0), EXPONENT)),
                argumentSet("RSA with e = 0", rsa(MODULUS, BigInteger.ZERO)),
                argumentSet("RSA with e = 1", rsa(MODULUS, BigInteger.ONE)),
                argumentSet("RSA with e = 2", rsa(MODULUS, BigInteger.TWO)),
                argumentSet("RSA with an even e", rsa(MODULUS, BigInteger.valueOf(65536))),
                argumentSet(
                        "RSA with an e of 33 bits",
                        rsa(MODULUS, BigInteger.ONE.shiftLeft(32).setBit(0))),
                argumentSet("RSA with padding", TestKey.RSA.jwk("").replace("AQAB", "AQAB==")),
                argumentSet(
                        "P-256 without y", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + Base64Url.encode(X) + "\"}"),
                argumentSet("P-256 with x and y exchanged", "{" + TestKey.ecMaterial(Y, X) + "}"),
                argumentSet("P-256 off the curve", "{" + TestKey.ecMaterial(X, changed(Y)) + "}"),
                argumentSet("P-256 of (0, 0)", "{" + TestKey.ecMaterial(new byte[32], new byte[32]) + "}"),
                argumentSet(
                        "P-256 with a long x",
                        "{" + TestKey.ecMaterial(TestKey.unsigned(new BigInteger(1, X), 33), Y) + "}"),
                argumentSet("P-384 under its name", TestKey.P256.jwk("").replace("P-256", "P-384")),
                argumentSet("P-384 under the name of P-256", ec384LabelledP256()),
                argumentSet("P-256 with an x of p", "{" + TestKey.ecMaterial(P256_PRIME, ROOT_OF_B) + "}"),
                argumentSet("secp256k1 under the name of P-256", SECP256K1_GENERATOR),
                argumentSet("secp256k1", TestKey.P256.jwk("").replace("P-256", "secp256k1")),
                argumentSet("Ed448", TestKey.ED25519.jwk("").replace("Ed25519", "Ed448")),
                argumentSet("X25519", TestKey.ED25519.jwk("").replace("Ed25519", "X25519")),
                argumentSet("Ed448 under the name of Ed25519", "{" + TestKey.ed25519Material(new byte[57]) + "}"),
                argumentSet("Ed25519 of 31 bytes", "{" + TestKey.ed25519Material(new byte[31]) + "}"),
                argumentSet(
                        "Ed25519 off the curve",
                        ed25519("0200000000000000000000000000000000000000000000000000000000000000")));
    }

    /** The points whose order divides 8, with both signs and with y written as y + p where that fits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void ignores_an_ed25519_key_of_small_order(String encoded) {
        assertThat(serves(KeySet.parse(TestKey.jwks(ed25519(encoded))), SignatureAlgorithm.EDDSA))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html></html>",
                "[]",
                "null",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":\"\"}",
                "{\"keys\":[null]}",
                "{\"keys\":[\"key\"]}",
                "{\"keys\":[[]]}",
                "{\"keys\":[],\"keys\":[]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"kty\":\"oct\"}]}",
                "{\"keys\":[]",
                "{\"keys\":[]}{}"
            })
    void refuses_a_text_that_is_not_a_jwk_set(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeySet.parse(text))
                .withMessageStartingWith("not a JWK Set: ");
    }

    @Test
    void takes_a_set_without_a_usable_key_and_lets_no_token_pass() {
        assertThat(verify(token().signed(), KeySet.parse("{\"keys\":[]}"))).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @Test
    void refuses_a_jwk_set_of_more_than_524288_characters() {
        String largest = "{\"keys\":[]}" + " ".repeat(524_288 - 11);

        assertThatCode(() -> KeySet.parse(largest)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> KeySet.parse(largest + " "));
    }

    @Test
    void reads_only_the_public_members_of_a_private_key() {
        KeySet keys = KeySet.parse(TestKey.jwks(TestKey.RSA.jwk("'kid':'rsa','d':'AQAB','p':{},'q':1")));

        assertThat(verify(token().signed(), keys)).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void finds_a_key_without_kid_only_for_a_token_without_kid() {
        KeySet nameless = KeySet.parse(TestKey.jwks(TestKey.RSA.jwk("")));

        assertThat(verify(token().withoutHeader("kid").signed(), nameless)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(token().signed(), nameless)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @Test
    void verifies_with_every_key_that_is_published_and_with_none_that_was_withdrawn() {
        String previous = TestKey.RSA.jwk("'kid':'previous'");
        String current = TestKey.OTHER_RSA.jwk("'kid':'current'");
        String withPrevious = token("RS256", "previous").signed();
        String withCurrent = token("RS256", "current").signed(TestKey.OTHER_RSA.rs256());
        KeySet both = KeySet.parse(TestKey.jwks(previous, current));
        KeySet afterRevocation = KeySet.parse(TestKey.jwks(current));

        assertThat(verify(withPrevious, both)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(withCurrent, both)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(withCurrent, afterRevocation)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(withPrevious, afterRevocation)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        assertThat(verify(token("RS256", "current").signed(), both)).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    @Test
    void refuses_a_secret_of_less_than_32_bytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeySet.ofSecret(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> KeySet.ofSecret(new byte[31]));
        assertThatCode(() -> KeySet.ofSecret(new byte[32])).doesNotThrowAnyException();
    }

    @Test
    void keeps_its_own_copy_of_a_secret_and_does_not_print_it() {
        byte[] secret = TestKey.SECRET.clone();
        KeySet keys = KeySet.ofSecret(secret);
        secret[0] ^= 1;

        VerificationKey key =
                keys.find(SignatureAlgorithm.HS256, Optional.of("whichever")).orElseThrow();

        assertThat(key.verifies(SignatureAlgorithm.HS256, new byte[1], mac(TestKey.SECRET)))
                .isTrue();
        assertThat(key.verifies(SignatureAlgorithm.HS256, new byte[1], mac(secret)))
                .isFalse();
        assertThat(key).hasToString("[secret]");
    }

    private static byte[] mac(byte[] secret) {
        String token = TestToken.signed("a", input -> TestKey.hs256(secret).sign(new byte[1]));
        return Base64Url.decode(token.substring(2)).orElseThrow();
    }

    private static boolean serves(KeySet keys, SignatureAlgorithm algorithm) {
        return keys.find(algorithm, Optional.empty())
                .filter(key -> key.serves(algorithm))
                .isPresent();
    }

    private static String rsa(BigInteger modulus, BigInteger exponent) {
        return "{" + TestKey.rsaMaterial(modulus, exponent) + "}";
    }

    private static String ed25519(String encoded) {
        return "{" + TestKey.ed25519Material(HexFormat.of().parseHex(encoded)) + "}";
    }

    private static String ec384LabelledP256() {
        ECPublicKey key = (ECPublicKey) TestKey.ec("secp384r1").publicKey();
        return "{"
                + TestKey.ecMaterial(
                        TestKey.unsigned(key.getW().getAffineX(), 48),
                        TestKey.unsigned(key.getW().getAffineY(), 48))
                + "}";
    }

    private static byte[][] coordinates() {
        ECPublicKey key = (ECPublicKey) TestKey.P256.publicKey();
        return new byte[][] {
            TestKey.unsigned(key.getW().getAffineX(), 32),
            TestKey.unsigned(key.getW().getAffineY(), 32)
        };
    }

    private static byte[] changed(byte[] coordinate) {
        byte[] changed = coordinate.clone();
        changed[31] ^= 1;
        return changed;
    }
}
