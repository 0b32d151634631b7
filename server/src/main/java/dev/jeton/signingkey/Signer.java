package dev.jeton.signingkey;

import dev.jeton.resourceserver.SigningAlgorithm;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** Signs with one key in one algorithm, as JWS wants it (RFC 7518 §3, RFC 8037 §3.1); safe for any thread. */
public final class Signer {
    private static final int P256_INTEGER_BYTES = 32;

    private final String kid;
    private final SigningAlgorithm algorithm;
    /** One each for the few threads that sign: making and keying one costs as much as half an ES256 signature. */
    private final ThreadLocal<Signature> signatures;

    Signer(String kid, SigningAlgorithm algorithm, PrivateKey key) {
        this.kid = kid;
        this.algorithm = algorithm;
        this.signatures = ThreadLocal.withInitial(() -> signature(algorithm, key));
    }

    public String kid() {
        return kid;
    }

    public SigningAlgorithm algorithm() {
        return algorithm;
    }

    /** The signature over the JWS signing input: raw {@code R || S} for ES256, not DER. */
    public byte[] sign(byte[] signingInput) {
        try {
            Signature signature = signatures.get();
            signature.update(signingInput);
            byte[] signed = signature.sign();
            return algorithm == SigningAlgorithm.ES256 ? rawFromDer(signed) : signed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with key " + kid + " failed", e);
        }
    }

    private static Signature signature(SigningAlgorithm algorithm, PrivateKey key) {
        try {
            Signature signature = switch (algorithm) {
                case RS256 -> Signature.getInstance("SHA256withRSA");
                case RS512 -> Signature.getInstance("SHA512withRSA");
                case PS256 -> {
                    Signature pss = Signature.getInstance("RSASSA-PSS");
                    pss.setParameter(new PSSParameterSpec(
                            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC));
                    yield pss;
                }
                case ES256 -> Signature.getInstance("SHA256withECDSA");
                case EDDSA -> Signature.getInstance("Ed25519");
                case HS256 -> throw new IllegalArgumentException("HS256 is signed with the API's secret");
            };
            signature.initSign(key);
            return signature;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign " + algorithm, e);
        }
    }

    /** Two 32-octet integers out of {@code SEQUENCE { INTEGER r, INTEGER s }}; P-256 never needs long lengths. */
    static byte[] rawFromDer(byte[] der) {
        byte[] raw = new byte[2 * P256_INTEGER_BYTES];
        int rLength = der[3];
        int sLength = der[5 + rLength];
        copyRightAligned(der, 4, rLength, raw, 0);
        copyRightAligned(der, 6 + rLength, sLength, raw, P256_INTEGER_BYTES);
        return raw;
    }

    private static void copyRightAligned(byte[] from, int start, int length, byte[] to, int field) {
        int surplus = Math.max(0, length - P256_INTEGER_BYTES);
        int copied = length - surplus;
        System.arraycopy(from, start + surplus, to, field + P256_INTEGER_BYTES - copied, copied);
    }
}
