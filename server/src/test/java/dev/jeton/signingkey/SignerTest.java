package dev.jeton.signingkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;

class SignerTest {
    private static byte[] der(BigInteger r, BigInteger s) throws Exception {
        return new DERSequence(new ASN1Integer[] {new ASN1Integer(r), new ASN1Integer(s)}).getEncoded();
    }

    private static void check(BigInteger r, BigInteger s) throws Exception {
        byte[] raw = Signer.rawFromDer(der(r, s));

        assertThat(raw).hasSize(64);
        assertThat(new BigInteger(1, Arrays.copyOfRange(raw, 0, 32))).isEqualTo(r);
        assertThat(new BigInteger(1, Arrays.copyOfRange(raw, 32, 64))).isEqualTo(s);
    }

    @Test
    void a_raw_signature_holds_the_two_integers_of_the_der_one() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            check(new BigInteger(1 + random.nextInt(256), random), new BigInteger(1 + random.nextInt(256), random));
        }
    }

    @Test
    void short_and_long_integers_are_aligned_right() throws Exception {
        List<BigInteger> edges = List.of(
                BigInteger.ONE,
                BigInteger.valueOf(127),
                BigInteger.valueOf(128),
                BigInteger.ONE.shiftLeft(247),
                BigInteger.ONE.shiftLeft(248).subtract(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(255).subtract(BigInteger.ONE),
                BigInteger.ONE.shiftLeft(255),
                BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE));
        for (BigInteger r : edges) {
            for (BigInteger s : edges) {
                check(r, s);
            }
        }
    }
}
