package dev.jeton.verifier;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys that sign what a test asks for, by the JDK alone, so that no code of the verifier judges itself. */
final class TestKey {
    /** Turns the signing input into a signature, or into something that wants to pass for one. */
    @FunctionalInterface
    interface Signer {
        byte[] sign(byte[] signingInput) throws GeneralSecurityException;

        default Signer then(Change change) {
            return input -> change.of(sign(input));
        }
    }

    @FunctionalInterface
    interface Change {
        byte[] of(byte[] signature);
    }

    static final TestKey RSA = rsa(2048, 65537);
    static final TestKey OTHER_RSA = rsa(2048, 65537);
    static final TestKey P256 = ec("secp256r1");
    static final TestKey ED25519 = generate("Ed25519", null);
    static final byte[] SECRET = "a signing secret of an API, 43 characters..".getBytes(StandardCharsets.UTF_8);

    private final KeyPair pair;

    private TestKey(KeyPair pair) {
        this.pair = pair;
    }

    static TestKey rsa(int bits, long exponent) {
        return generate("RSA", new RSAKeyGenParameterSpec(bits, BigInteger.valueOf(exponent)));
    }

    static TestKey ec(String curve) {
        return generate("EC", new ECGenParameterSpec(curve));
    }

    static TestKey generate(String algorithm, @Nullable AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (parameters != null) {
                generator.initialize(parameters);
            }
            return new TestKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    Signer rs256() {
        return signer("SHA256withRSA", null);
    }

    Signer rs512() {
        return signer("SHA512withRSA", null);
    }

    Signer ps256() {
        return ps256("SHA-256", 32);
    }

    Signer ps256(String maskHash, int saltBytes) {
        return signer(
                "RSASSA-PSS", new PSSParameterSpec("SHA-256", "MGF1", new MGF1ParameterSpec(maskHash), saltBytes, 1));
    }

    Signer es256() {
        return signer("SHA256withECDSAinP1363Format", null);
    }

    Signer es256Der() {
        return signer("SHA256withECDSA", null);
    }

    Signer eddsa() {
        return signer("EdDSA", null);
    }

    /** Signs an encoded message that a test made itself, so that it can be wrong in a way that no library would make it. */
    Signer encoded(Signer encoding) {
        return input -> {
            Cipher rsa = Cipher.getInstance("RSA/ECB/NoPadding");
            rsa.init(Cipher.ENCRYPT_MODE, pair.getPrivate());
            return rsa.doFinal(encoding.sign(input));
        };
    }

    static Signer hs256(byte[] secret) {
        return input -> {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(input);
        };
    }

    private Signer signer(String algorithm, @Nullable AlgorithmParameterSpec parameters) {
        PrivateKey key = pair.getPrivate();
        return input -> {
            Signature signature = Signature.getInstance(algorithm);
            if (parameters != null) {
                signature.setParameter(parameters);
            }
            signature.initSign(key);
            signature.update(input);
            return signature.sign();
        };
    }

    /** The public key as an entry of a JWK Set, with further members in JSON with single quotes. */
    String jwk(String furtherMembers) {
        return "{" + material() + (furtherMembers.isEmpty() ? "" : "," + furtherMembers).replace('\'', '"') + "}";
    }

    private String material() {
        if (publicKey() instanceof RSAPublicKey rsa) {
            return rsaMaterial(rsa.getModulus(), rsa.getPublicExponent());
        }
        if (publicKey() instanceof ECPublicKey ec) {
            return ecMaterial(
                    unsigned(ec.getW().getAffineX(), 32), unsigned(ec.getW().getAffineY(), 32));
        }
        byte[] encoded = publicKey().getEncoded(); // SubjectPublicKeyInfo, which ends with the 32 bytes of the key
        return ed25519Material(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    static String rsaMaterial(BigInteger modulus, BigInteger exponent) {
        return "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\""
                .formatted(
                        Base64Url.encode(unsigned(modulus, (modulus.bitLength() + 7) / 8)),
                        Base64Url.encode(unsigned(exponent, (exponent.bitLength() + 7) / 8)));
    }

    static String ecMaterial(byte[] x, byte[] y) {
        return "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\""
                .formatted(Base64Url.encode(x), Base64Url.encode(y));
    }

    static String ed25519Material(byte[] encoded) {
        return "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"".formatted(Base64Url.encode(encoded));
    }

    /** The number as that many bytes, big-endian. */
    static byte[] unsigned(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        byte[] bytes = new byte[length];
        int significant = Math.min(signed.length, length);
        System.arraycopy(signed, signed.length - significant, bytes, length - significant, significant);
        return bytes;
    }

    static String jwks(String... entries) {
        return "{\"keys\":[" + String.join(",", entries) + "]}";
    }
}
