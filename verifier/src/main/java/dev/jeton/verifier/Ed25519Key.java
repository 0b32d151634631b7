package dev.jeton.verifier;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** An Ed25519 public key; serves EdDSA. */
final class Ed25519Key implements VerificationKey {
    private static final int KEY_BYTES = 32;
    private static final int SIGNATURE_BYTES = 64;

    /** RFC 8410 §4: what comes before the 32 bytes of the key in a SubjectPublicKeyInfo, which every provider reads. */
    private static final byte[] PUBLIC_KEY_INFO_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** L in RFC 8032 §5.1, the order of the base point. */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** p in RFC 8032 §5.1, the prime of the field. */
    private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /** d in RFC 8032 §5.1, the constant of the curve: -121665/121666. */
    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(PRIME))
            .mod(PRIME);

    private final SignatureCheck check;

    private Ed25519Key(PublicKey key) {
        this.check = new SignatureCheck("Ed25519", null, key);
    }

    /** The key with this encoding (RFC 8032 §5.1.5), if it is a point of the curve and not one of small order. */
    static Optional<VerificationKey> of(byte[] encoded) {
        if (encoded.length != KEY_BYTES) {
            return Optional.empty();
        }
        BigInteger y = littleEndian(encoded).clearBit(8 * KEY_BYTES - 1); // the top bit is the sign of x
        if (y.compareTo(PRIME) >= 0 || !isOnCurve(y) || isOfSmallOrder(y)) {
            return Optional.empty();
        }
        try {
            byte[] publicKeyInfo = Arrays.copyOf(PUBLIC_KEY_INFO_PREFIX, PUBLIC_KEY_INFO_PREFIX.length + KEY_BYTES);
            System.arraycopy(encoded, 0, publicKeyInfo, PUBLIC_KEY_INFO_PREFIX.length, KEY_BYTES);
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(publicKeyInfo));
            return Optional.of(new Ed25519Key(key));
        } catch (GeneralSecurityException notAvailable) {
            throw new IllegalStateException("cannot read an Ed25519 key", notAvailable);
        }
    }

    /**
     * Whether there is an x for this y: by RFC 8032 §5.1.3 x² = (y² - 1) / (dy² + 1), so that quotient, and with it the
     * product, has to be a square. Checked here because not every provider does.
     */
    private static boolean isOnCurve(BigInteger y) {
        BigInteger y2 = y.multiply(y).mod(PRIME);
        BigInteger product = y2.subtract(BigInteger.ONE)
                .multiply(D.multiply(y2).add(BigInteger.ONE))
                .mod(PRIME);
        // Euler's criterion
        return product.signum() == 0
                || product.modPow(PRIME.shiftRight(1), PRIME).equals(BigInteger.ONE);
    }

    /**
     * Whether 8 times the point is the neutral element: under such a key one signature can fit every message. Orders 1
     * and 2 have y = 1 and y = -1, order 4 has y = 0, and order 8 the points whose double has y = 0: dy⁴ + 2y² = 1.
     */
    private static boolean isOfSmallOrder(BigInteger y) {
        BigInteger y2 = y.multiply(y).mod(PRIME);
        BigInteger doubled = D.multiply(y2).multiply(y2).add(y2.shiftLeft(1)).mod(PRIME);
        return y2.signum() == 0 || y2.equals(BigInteger.ONE) || doubled.equals(BigInteger.ONE);
    }

    @Override
    public boolean serves(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.EDDSA;
    }

    @Override
    public boolean verifies(SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature) {
        return signature.length == SIGNATURE_BYTES && isCanonical(signature) && check.passes(signingInput, signature);
    }

    /** RFC 8032 §5.1.7 step 1: S is below L; without this S + L would be a second signature. */
    private static boolean isCanonical(byte[] signature) {
        byte[] s = Arrays.copyOfRange(signature, SIGNATURE_BYTES / 2, SIGNATURE_BYTES);
        return littleEndian(s).compareTo(ORDER) < 0;
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] bigEndian = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bigEndian[bytes.length - 1 - i] = bytes[i];
        }
        return new BigInteger(1, bigEndian);
    }
}
