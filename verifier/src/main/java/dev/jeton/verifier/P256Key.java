package dev.jeton.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.util.Arrays;
import java.util.Optional;

/** A public key on the curve P-256; serves ES256. */
final class P256Key implements VerificationKey {
    private static final int COORDINATE_BYTES = 32;

    /** n in FIPS 186, the number of points. */
    private static final BigInteger ORDER = Curve.P_256.toECParameterSpec().getOrder();

    /** p in FIPS 186, the prime of the field. */
    private static final BigInteger PRIME =
            ((ECFieldFp) Curve.P_256.toECParameterSpec().getCurve().getField()).getP();

    private final SignatureCheck check;

    private P256Key(ECPublicKey key) {
        this.check = new SignatureCheck("SHA256withECDSAinP1363Format", null, key);
    }

    /** The key with these coordinates, 32 bytes each (RFC 7518 §6.2.1.2), if they are a point of the curve. */
    static Optional<VerificationKey> of(byte[] x, byte[] y) {
        // Nimbus computes modulo p, so that p would pass for 0; not every provider reads such a point later.
        if (x.length != COORDINATE_BYTES || y.length != COORDINATE_BYTES || !isInField(x) || !isInField(y)) {
            return Optional.empty();
        }
        try {
            ECKey key = new ECKey.Builder(Curve.P_256, Base64URL.encode(x), Base64URL.encode(y)).build();
            return Optional.of(new P256Key(key.toECPublicKey()));
        } catch (IllegalArgumentException | IllegalStateException | JOSEException notOnTheCurve) {
            return Optional.empty();
        }
    }

    @Override
    public boolean serves(SignatureAlgorithm algorithm) {
        return algorithm == SignatureAlgorithm.ES256;
    }

    /**
     * Takes r and s of 32 bytes each, RFC 7518 §3.4, never DER. Both (r, s) and (r, n - s) are signatures of a message:
     * JWS has no rule that only the lower s counts, so do not tell tokens apart by their signature.
     */
    @Override
    public boolean verifies(SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature) {
        // The range is checked here because a provider that forgets it takes (0, 0) for anything: CVE-2022-21449.
        return signature.length == 2 * COORDINATE_BYTES
                && inRange(Arrays.copyOfRange(signature, 0, COORDINATE_BYTES))
                && inRange(Arrays.copyOfRange(signature, COORDINATE_BYTES, 2 * COORDINATE_BYTES))
                && check.passes(signingInput, signature);
    }

    private static boolean isInField(byte[] coordinate) {
        return new BigInteger(1, coordinate).compareTo(PRIME) < 0;
    }

    private static boolean inRange(byte[] bytes) {
        BigInteger number = new BigInteger(1, bytes);
        return number.signum() > 0 && number.compareTo(ORDER) < 0;
    }
}
