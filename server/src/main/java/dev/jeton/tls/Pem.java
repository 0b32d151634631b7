package dev.jeton.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** The textual form of certificates and keys, RFC 7468; objects of another kind in the same text are passed over. */
final class Pem {
    /** The private key needs a password. */
    static final class EncryptedKeyException extends IOException {}

    private Pem() {}

    /** All certificates in their order. */
    static List<X509Certificate> certificates(byte[] pem) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object object : objects(pem)) {
            if (object instanceof X509CertificateHolder holder) {
                certificates.add(certificate(holder.getEncoded()));
            }
        }
        return certificates;
    }

    static X509Certificate certificate(byte[] der) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IOException("a certificate in it is damaged", e);
        }
    }

    /** The first private key, as PKCS#8, PKCS#1 (RSA) or SEC 1 (EC); null if there is none. */
    static @Nullable PrivateKey privateKey(byte[] pem) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        for (Object object : objects(pem)) {
            switch (object) {
                case PrivateKeyInfo key -> {
                    return converter.getPrivateKey(key);
                }
                case PEMKeyPair pair -> {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                case PKCS8EncryptedPrivateKeyInfo _ -> throw new EncryptedKeyException();
                case PEMEncryptedKeyPair _ -> throw new EncryptedKeyException();
                default -> {} // such as EC PARAMETERS, or certificates in the same file
            }
        }
        return null;
    }

    private static List<Object> objects(byte[] pem) throws IOException {
        List<Object> objects = new ArrayList<>();
        // Comments outside the objects may be in any encoding; the objects are ASCII.
        try (PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IOException("it is not PEM, or damaged", e); // what Bouncy Castle throws for bad base64
        }
        return objects;
    }

    static byte[] encode(List<X509Certificate> certificates) {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                pem.append(encode("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateException e) {
                throw new IllegalStateException("a certificate that was read has no encoding", e);
            }
        }
        return pem.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** As PKCS#8. */
    static byte[] encode(PrivateKey key) {
        return encode("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    private static String encode(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
