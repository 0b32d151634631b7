package dev.jeton.verifier;

import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static dev.jeton.verifier.TestToken.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.jeton.verifier.TestKey.Signer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RSA signatures of an encoded message that is not quite the one of RFC 8017 §9. A verifier that reads past such a
 * difference is one that signatures can be forged for, without the private key.
 */
class RsaEncodingTest {
    private static final String DIGEST_INFO = "3031300d060960864801650304020105000420";

    @Test
    void verifies_the_right_encodings() {
        assertThat(verify(rs256(pkcs1("0001" + "ff".repeat(202) + "00" + DIGEST_INFO, ""))))
                .isInstanceOf(Verification.Verified.class);
        assertThat(verify(ps256(pss("00".repeat(190) + "01", "bc")))).isInstanceOf(Verification.Verified.class);
    }

    @ParameterizedTest
    @MethodSource("wrong_pkcs1")
    void refuses_every_other_pkcs1_encoding(Signer encoding) {
        assertThat(verify(rs256(encoding))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    static Stream<Arguments> wrong_pkcs1() {
        String start = "0001" + "ff".repeat(202) + "00";
        String shortStart = "0001" + "ff".repeat(8) + "00";
        return Stream.of(
                argumentSet("first byte 1", pkcs1("01" + start.substring(2) + DIGEST_INFO, "")),
                argumentSet("block type 0", pkcs1("0000" + "00".repeat(202) + "00" + DIGEST_INFO, "")),
                argumentSet("block type 2", pkcs1("0002" + "ff".repeat(202) + "00" + DIGEST_INFO, "")),
                argumentSet("padding with another byte", pkcs1("0001" + "ff".repeat(201) + "fe00" + DIGEST_INFO, "")),
                argumentSet("padding without an end", pkcs1("0001" + "ff".repeat(203) + DIGEST_INFO, "")),
                argumentSet("padding that ends twice", pkcs1("0001" + "ff".repeat(201) + "0000" + DIGEST_INFO, "")),
                argumentSet("no padding", pkcs1("000100" + DIGEST_INFO, "00".repeat(202))),
                argumentSet("bytes after the hash", pkcs1(shortStart + DIGEST_INFO, "00".repeat(194))),
                argumentSet(
                        "bytes in the parameters of the hash",
                        pkcs1(shortStart + "3081f23081cd06096086480165030402010481bf" + "00".repeat(191) + "0420", "")),
                argumentSet(
                        "a length in its long form",
                        pkcs1("0001" + "ff".repeat(201) + "00" + "308131" + DIGEST_INFO.substring(4), "")),
                argumentSet(
                        "an indefinite length",
                        pkcs1("0001" + "ff".repeat(200) + "00" + "3080" + DIGEST_INFO.substring(4), "0000")),
                argumentSet(
                        "the name of SHA-1",
                        pkcs1("0001" + "ff".repeat(206) + "00" + "302d300906052b0e03021a05000420", "")),
                argumentSet("the name of SHA-512", pkcs1(start + DIGEST_INFO.replace("020105", "020305"), "")),
                argumentSet("the hash alone", pkcs1("0001" + "ff".repeat(221) + "00", "")));
    }

    @ParameterizedTest
    @MethodSource("wrong_pss")
    void refuses_every_other_pss_encoding(Signer encoding) {
        assertThat(verify(ps256(encoding))).isEqualTo(rejected(Rejection.BAD_SIGNATURE));
    }

    static Stream<Arguments> wrong_pss() {
        return Stream.of(
                argumentSet("another last byte", pss("00".repeat(190) + "01", "cc")),
                argumentSet("another byte before the salt", pss("00".repeat(190) + "02", "bc")),
                argumentSet("no byte before the salt", pss("00".repeat(191), "bc")),
                argumentSet("padding with another byte", pss("00".repeat(100) + "10" + "00".repeat(89) + "01", "bc")),
                argumentSet("the bit above the encoding", pssWithTopBit()));
    }

    private static String rs256(Signer encoding) {
        return token().signed(TestKey.RSA.encoded(encoding));
    }

    private static String ps256(Signer encoding) {
        return token("PS256", "rsa").signed(TestKey.RSA.encoded(encoding));
    }

    /** The hash of the input between these bytes: EMSA-PKCS1-v1_5, RFC 8017 §9.2, if they are the right ones. */
    private static Signer pkcs1(String before, String after) {
        return input -> concat(hex(before), sha256(input), hex(after));
    }

    private static Signer pss(String beforeSalt, String last) {
        return input -> pss(input, hex(beforeSalt), new byte[32], hex(last));
    }

    /** EMSA-PSS, RFC 8017 §9.1.1, with what stands before the salt and at the end. */
    private static byte[] pss(byte[] input, byte[] beforeSalt, byte[] salt, byte[] last)
            throws GeneralSecurityException {
        byte[] hash = sha256(concat(new byte[8], sha256(input), salt));
        byte[] masked = concat(beforeSalt, salt);
        for (int i = 0; i < masked.length; i++) {
            byte[] counter = ByteBuffer.allocate(4).putInt(i / 32).array();
            masked[i] ^= sha256(concat(hash, counter))[i % 32];
        }
        masked[0] &= 0x7f;
        return concat(masked, hash, last);
    }

    /** The whole has to stay below the modulus, or it could not be signed; not every salt will do. */
    private static Signer pssWithTopBit() {
        BigInteger modulus = ((RSAPublicKey) TestKey.RSA.publicKey()).getModulus();
        return input -> {
            byte[] salt = new byte[32];
            byte[] encoded;
            do {
                salt[0]++;
                encoded = pss(input, hex("00".repeat(190) + "01"), salt, hex("bc"));
                encoded[0] |= (byte) 0x80;
            } while (new BigInteger(1, encoded).compareTo(modulus) >= 0);
            return encoded;
        };
    }

    private static byte[] sha256(byte[] input) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(input);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Stream.of(parts).mapToInt(part -> part.length).sum());
        Stream.of(parts).forEach(all::put);
        return all.array();
    }
}
