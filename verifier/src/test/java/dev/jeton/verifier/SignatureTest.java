package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.KEYS;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verifier;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.jeton.verifier.TestKey.Signer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on algorithm and signature. */
class SignatureTest {
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger ED25519_ORDER =
            new BigInteger("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed", 16);

    private static final String RS256 = token().signed();
    private static final String RS512 = token("RS512", "rsa").signed(TestKey.RSA.rs512());
    private static final String PS256 = token("PS256", "rsa").signed(TestKey.RSA.ps256());
    private static final String ES256 = token("ES256", "p256").signed(TestKey.P256.es256());
    private static final String EDDSA = token("EdDSA", "ed25519").signed(TestKey.ED25519.eddsa());

    @ParameterizedTest
    @MethodSource("genuine_tokens")
    void verifies_a_genuine_token(SignatureAlgorithm algorithm, String token) {
        AccessToken verified = verify(token).orElseThrow();

        assertThat(verified.algorithm()).isEqualTo(algorithm);
    }

    static Stream<Arguments> genuine_tokens() {
        return Stream.of(
                Arguments.of(SignatureAlgorithm.RS256, RS256),
                Arguments.of(SignatureAlgorithm.RS512, RS512),
                Arguments.of(SignatureAlgorithm.PS256, PS256),
                Arguments.of(SignatureAlgorithm.ES256, ES256),
                Arguments.of(SignatureAlgorithm.EDDSA, EDDSA));
    }

    @Test
    void verifies_a_token_that_is_signed_with_the_secret_of_the_api() {
        String token = token().header("alg", "'HS256'").withoutHeader("kid").signed(TestKey.hs256(TestKey.SECRET));

        AccessToken verified =
                hs256Verifier(KeySet.ofSecret(TestKey.SECRET)).verify(token).orElseThrow();

        assertThat(verified.algorithm()).isEqualTo(SignatureAlgorithm.HS256);
    }

    @Test
    void refuses_a_token_that_is_signed_with_another_secret() {
        String token = token("HS256", "any")
                .signed(TestKey.hs256("another secret of 42 characters, as it were".getBytes(StandardCharsets.UTF_8)));

        assertThat(hs256Verifier(KeySet.ofSecret(TestKey.SECRET)).verify(token))
                .isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31})
    void refuses_a_truncated_mac(int length) {
        Signer truncated = TestKey.hs256(TestKey.SECRET).then(mac -> Arrays.copyOf(mac, length));

        assertThat(hs256Verifier(KeySet.ofSecret(TestKey.SECRET))
                        .verify(token("HS256", "any").signed(truncated)))
                .isEqualTo(rejected(length == 0 ? Rejection.MALFORMED : Rejection.BAD_SIGNATURE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'none'",
                "'None'",
                "'nOnE'",
                "'NONE'",
                "''",
                "' RS256'",
                "'RS256 '",
                "'rs256'",
                "'RS257'",
                "'RS384'",
                "'RS1'",
                "'PS512'",
                "'ES384'",
                "'ES256K'",
                "'EDDSA'",
                "'Ed25519'",
                "'Ed448'",
                "'HS256'",
                "'HS512'",
                "'RSA-OAEP'",
                "'dir'",
                "256",
                "null",
                "true",
                "['RS256']",
                "{'alg':'RS256'}"
            })
    void refuses_an_alg_that_is_not_exactly_an_allowed_one(String alg) {
        assertThat(verify(token().header("alg", alg).signed())).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
    }

    @Test
    void refuses_a_token_without_alg() {
        assertThat(verify(token().withoutHeader("alg").signed())).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "nOnE", "NONE", "RS256"})
    void refuses_a_token_without_a_signature_whatever_its_alg(String alg) {
        String token = token().header("alg", "'" + alg + "'").signed(fixed(new byte[0]));

        assertThat(verify(token)).isEqualTo(rejected(Rejection.MALFORMED));
    }

    /** The classic confusion: what everyone may know is used as the secret of an HMAC. */
    @ParameterizedTest
    @MethodSource("public_secrets")
    void refuses_a_mac_whose_secret_is_public(byte[] secret) {
        String token = token("HS256", "rsa").signed(TestKey.hs256(secret));

        assertThat(verify(token)).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
        assertThat(hs256Verifier(KEYS).verify(token)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    static Stream<Arguments> public_secrets() {
        byte[] der = TestKey.RSA.publicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        String jwk = TestKey.RSA.jwk("'kid':'rsa','use':'sig','alg':'RS256'");
        return Stream.of(
                argumentSet("PEM", pem.getBytes(StandardCharsets.UTF_8)),
                argumentSet("PEM without its last line break", pem.strip().getBytes(StandardCharsets.UTF_8)),
                argumentSet("DER", der),
                argumentSet("JWK", jwk.getBytes(StandardCharsets.UTF_8)),
                argumentSet("JWK Set", TestKey.jwks(jwk).getBytes(StandardCharsets.UTF_8)),
                argumentSet(
                        "modulus",
                        ((RSAPublicKey) TestKey.RSA.publicKey()).getModulus().toByteArray()),
                argumentSet("zero byte", new byte[1]));
    }

    @Test
    void refuses_algorithms_that_this_api_does_not_allow() {
        AccessTokenVerifier ps256Only =
                verifier(KEYS).algorithms(SignatureAlgorithm.PS256).build();
        AccessTokenVerifier rs256Only =
                verifier(KEYS).algorithms(SignatureAlgorithm.RS256).build();

        assertThat(ps256Only.verify(RS256)).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
        assertThat(rs256Only.verify(PS256)).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
        assertThat(rs256Only.verify(RS512)).isEqualTo(rejected(Rejection.ALGORITHM_NOT_ALLOWED));
        assertThat(ps256Only.verify(PS256)).isInstanceOf(Verification.Verified.class);
        assertThat(rs256Only.verify(RS256)).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void refuses_a_key_of_another_type_than_alg() {
        assertThat(verify(token("ES256", "rsa").signed(TestKey.P256.es256())))
                .isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        assertThat(verify(token("RS256", "p256").signed())).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        assertThat(verify(token("EdDSA", "p256").signed(TestKey.ED25519.eddsa())))
                .isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @ParameterizedTest
    @MethodSource("wrong_signatures")
    void refuses_a_wrong_signature(String alg, String kid, Signer signer) {
        assertThat(verify(token(alg, kid).signed(signer))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    static Stream<Arguments> wrong_signatures() {
        Signer rs256 = TestKey.RSA.rs256();
        Signer es256 = TestKey.P256.es256();
        Signer eddsa = TestKey.ED25519.eddsa();
        return Stream.of(
                argumentSet("RS256 of another key", "RS256", "rsa", TestKey.OTHER_RSA.rs256()),
                argumentSet("RS256 in the name of PS256", "PS256", "rsa", rs256),
                argumentSet("PS256 in the name of RS256", "RS256", "rsa", TestKey.RSA.ps256()),
                argumentSet("RS512 in the name of RS256", "RS256", "rsa", TestKey.RSA.rs512()),
                argumentSet("RS256 in the name of RS512", "RS512", "rsa", rs256),
                argumentSet("PS256 in the name of RS512", "RS512", "rsa", TestKey.RSA.ps256()),
                argumentSet("RS512 of another key", "RS512", "rsa", TestKey.OTHER_RSA.rs512()),
                argumentSet(
                        "RS512 with a byte before",
                        "RS512",
                        "rsa",
                        TestKey.RSA.rs512().then(s -> concat(new byte[1], s))),
                argumentSet("PS256 with no salt", "PS256", "rsa", TestKey.RSA.ps256("SHA-256", 0)),
                argumentSet("PS256 with a salt of 20 bytes", "PS256", "rsa", TestKey.RSA.ps256("SHA-256", 20)),
                argumentSet("PS256 with a salt of 64 bytes", "PS256", "rsa", TestKey.RSA.ps256("SHA-256", 64)),
                argumentSet("PS256 with a mask of SHA-1", "PS256", "rsa", TestKey.RSA.ps256("SHA-1", 32)),
                argumentSet("PS256 of another key", "PS256", "rsa", TestKey.OTHER_RSA.ps256()),
                argumentSet(
                        "PS256 with a byte after",
                        "PS256",
                        "rsa",
                        TestKey.RSA.ps256().then(s -> Arrays.copyOf(s, 257))),
                argumentSet("RS256 with a byte before", "RS256", "rsa", rs256.then(s -> concat(new byte[1], s))),
                argumentSet("RS256 with a byte after", "RS256", "rsa", rs256.then(s -> concat(s, new byte[1]))),
                argumentSet("RS256 of zeros", "RS256", "rsa", fixed(new byte[256])),
                argumentSet("RS256 of one", "RS256", "rsa", fixed(TestKey.unsigned(BigInteger.ONE, 256))),
                argumentSet("RS256 above the modulus", "RS256", "rsa", rs256.then(SignatureTest::plusModulus)),
                argumentSet("RS256 of one byte", "RS256", "rsa", fixed(new byte[1])),
                argumentSet("ES256 of (0, 0)", "ES256", "p256", fixed(new byte[64])),
                argumentSet("ES256 with r = 0", "ES256", "p256", es256.then(s -> concat(new byte[32], s(s)))),
                argumentSet("ES256 with s = 0", "ES256", "p256", es256.then(s -> concat(r(s), new byte[32]))),
                argumentSet("ES256 with r = n", "ES256", "p256", es256.then(s -> concat(order(), s(s)))),
                argumentSet("ES256 with s = n", "ES256", "p256", es256.then(s -> concat(r(s), order()))),
                argumentSet("ES256 with r = n + 1", "ES256", "p256", es256.then(s -> concat(afterOrder(), s(s)))),
                argumentSet("ES256 with s = n + 1", "ES256", "p256", es256.then(s -> concat(r(s), afterOrder()))),
                argumentSet("ES256 with r = 2^256 - 1", "ES256", "p256", es256.then(s -> concat(ones(), s(s)))),
                argumentSet("ES256 with s = 2^256 - 1", "ES256", "p256", es256.then(s -> concat(r(s), ones()))),
                argumentSet("ES256 of (n, n)", "ES256", "p256", fixed(concat(order(), order()))),
                argumentSet("ES256 of (1, 1)", "ES256", "p256", fixed(concat(one(), one()))),
                argumentSet("ES256 with r and s exchanged", "ES256", "p256", es256.then(s -> concat(s(s), r(s)))),
                argumentSet("ES256 of 63 bytes", "ES256", "p256", es256.then(s -> Arrays.copyOf(s, 63))),
                argumentSet("ES256 of 65 bytes", "ES256", "p256", es256.then(s -> Arrays.copyOf(s, 65))),
                argumentSet(
                        "ES256 of 96 bytes", "ES256", "p256", es256.then(s -> concat(pad(r(s), 48), pad(s(s), 48)))),
                argumentSet("ES256 in DER", "ES256", "p256", TestKey.P256.es256Der()),
                argumentSet("EdDSA of zeros", "EdDSA", "ed25519", fixed(new byte[64])),
                argumentSet("EdDSA with S + L", "EdDSA", "ed25519", eddsa.then(SignatureTest::plusOrder)),
                argumentSet("EdDSA with the top bit of S", "EdDSA", "ed25519", eddsa.then(SignatureTest::withTopBit)),
                argumentSet("EdDSA with S = 0", "EdDSA", "ed25519", eddsa.then(s -> concat(r(s), new byte[32]))),
                argumentSet("EdDSA whose R is no point", "EdDSA", "ed25519", eddsa.then(s -> concat(noPoint(), s(s)))),
                argumentSet("EdDSA of 63 bytes", "EdDSA", "ed25519", eddsa.then(s -> Arrays.copyOf(s, 63))),
                argumentSet("EdDSA of 65 bytes", "EdDSA", "ed25519", eddsa.then(s -> Arrays.copyOf(s, 65))),
                argumentSet("EdDSA of one byte", "EdDSA", "ed25519", fixed(new byte[1])));
    }

    @Test
    void refuses_an_rsa_signature_whose_leading_zero_was_stripped() {
        Signer stripped = TestKey.RSA.rs256().then(s -> Arrays.copyOfRange(s, 1, s.length));
        for (int attempt = 0; attempt < 10_000; attempt++) { // one in 256 starts with a zero
            TestToken token = token().claim("jti", "'" + attempt + "'");
            byte[] signature = UnverifiedJwt.parse(token.signed()).signature();
            if (signature[0] == 0) {
                assertThat(verify(token.signed(stripped))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
                return;
            }
        }
        throw new AssertionError("no signature started with a zero");
    }

    /** Bleichenbacher 2006: under e = 3 a cube root passes a check that does not look at what comes after the hash. */
    @Test
    void refuses_forged_padding_under_a_small_exponent() {
        TestKey small = TestKey.rsa(2048, 3);
        KeySet keys = KeySet.parse(TestKey.jwks(small.jwk("'kid':'small'")));
        Signer forged = input -> {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(input);
            byte[] start = concat(
                    HexFormat.of().parseHex("0001ffffffffffffffff003031300d060960864801650304020105000420"), hash);
            BigInteger lowest = new BigInteger(1, Arrays.copyOf(start, 256));
            BigInteger root = cubeRoot(lowest).add(BigInteger.ONE);
            assertThat(Arrays.copyOf(TestKey.unsigned(root.pow(3), 256), start.length))
                    .isEqualTo(start);
            return TestKey.unsigned(root, 256);
        };

        assertThat(verify(token("RS256", "small").signed(small.rs256()), keys))
                .isInstanceOf(Verification.Verified.class);
        assertThat(verify(token("RS256", "small").signed(forged), keys)).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    /** JWS has no rule that only one of the two counts, and libraries that sign do not keep to one. */
    @Test
    void accepts_the_other_s_of_an_ecdsa_signature() {
        Signer other = TestKey.P256
                .es256()
                .then(s -> concat(r(s), TestKey.unsigned(P256_ORDER.subtract(new BigInteger(1, s(s))), 32)));

        assertThat(verify(token("ES256", "p256").signed(other))).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @MethodSource("genuine_tokens")
    void refuses_a_token_with_any_bit_of_any_byte_flipped(SignatureAlgorithm algorithm, String token) {
        String[] parts = token.split("\\.", -1);
        for (int part = 0; part < parts.length; part++) {
            byte[] bytes = Base64Url.decode(parts[part]).orElseThrow();
            for (int i = 0; i < bytes.length; i++) {
                byte[] flipped = bytes.clone();
                flipped[i] ^= (byte) (1 << (i % 8));
                String[] changed = parts.clone();
                changed[part] = Base64Url.encode(flipped);

                assertThat(verify(String.join(".", changed)))
                        .as("part %d, byte %d", part, i)
                        .isInstanceOf(Verification.Rejected.class);
            }
        }
    }

    /** What is kept from one check for the next must not carry an answer over, nor mix up two threads. */
    @ParameterizedTest
    @MethodSource("genuine_tokens")
    void answers_for_each_token_by_itself_however_many_come_at_once(SignatureAlgorithm algorithm, String token) {
        AccessTokenVerifier verifier = verifier(KEYS).build();
        int dot = token.indexOf('.');
        String forged = token.substring(0, dot) + "." + Base64Url.encode("{}".getBytes(StandardCharsets.UTF_8))
                + token.substring(token.lastIndexOf('.'));

        List<Verification> answers = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> verifier.verify(i % 2 == 0 ? token : forged))
                .toList();

        for (int i = 0; i < answers.size(); i += 2) {
            assertThat(answers.get(i)).isInstanceOf(Verification.Verified.class);
            assertThat(answers.get(i + 1)).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
        }
    }

    @Test
    void refuses_the_signature_of_another_token() {
        String other = token().claim("scope", "'read:all'").signed();
        String signature = RS256.substring(RS256.lastIndexOf('.'));

        assertThat(verify(other.substring(0, other.lastIndexOf('.')) + signature))
                .isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    /** A signature covers the bytes that were sent: written in another way, equal JSON is another token. */
    @Test
    void verifies_the_bytes_received_and_not_json_written_anew() {
        String spaced = token().payloadJson().replace(",", " ,\r\n");

        String token = TestToken.compact(token().headerJson(), spaced, TestKey.RSA.rs256());
        String resigned = token.substring(0, token.lastIndexOf('.')) + RS256.substring(RS256.lastIndexOf('.'));

        assertThat(verify(token)).isInstanceOf(Verification.Verified.class);
        assertThat(verify(resigned)).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    private static AccessTokenVerifier hs256Verifier(KeySet keys) {
        return verifier(keys).algorithms(SignatureAlgorithm.HS256).build();
    }

    private static Signer fixed(byte[] signature) {
        return input -> signature;
    }

    private static byte[] r(byte[] signature) {
        return Arrays.copyOf(signature, 32);
    }

    private static byte[] s(byte[] signature) {
        return Arrays.copyOfRange(signature, 32, 64);
    }

    private static byte[] order() {
        return TestKey.unsigned(P256_ORDER, 32);
    }

    private static byte[] afterOrder() {
        return TestKey.unsigned(P256_ORDER.add(BigInteger.ONE), 32);
    }

    private static byte[] ones() {
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xff);
        return ones;
    }

    private static byte[] one() {
        return TestKey.unsigned(BigInteger.ONE, 32);
    }

    /** y = 2 has no x on the curve. */
    private static byte[] noPoint() {
        byte[] encoded = new byte[32];
        encoded[0] = 2;
        return encoded;
    }

    private static byte[] pad(byte[] bytes, int length) {
        return concat(new byte[length - bytes.length], bytes);
    }

    private static byte[] plusModulus(byte[] signature) {
        BigInteger modulus = ((RSAPublicKey) TestKey.RSA.publicKey()).getModulus();
        BigInteger sum = new BigInteger(1, signature).add(modulus);
        // Of the same length only if the sum is below 2^2048; otherwise the modulus itself stands for "too large".
        return TestKey.unsigned(sum.bitLength() <= 2048 ? sum : modulus, 256);
    }

    private static byte[] plusOrder(byte[] signature) {
        BigInteger s = new BigInteger(1, reversed(s(signature))).add(ED25519_ORDER);
        return concat(r(signature), reversed(TestKey.unsigned(s, 32)));
    }

    private static byte[] withTopBit(byte[] signature) {
        byte[] changed = signature.clone();
        changed[63] |= (byte) 0x80;
        return changed;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static BigInteger cubeRoot(BigInteger number) {
        BigInteger low = BigInteger.ZERO;
        BigInteger high = BigInteger.ONE.shiftLeft(number.bitLength() / 3 + 1);
        while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
            BigInteger middle = low.add(high).shiftRight(1);
            if (middle.pow(3).compareTo(number) <= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
