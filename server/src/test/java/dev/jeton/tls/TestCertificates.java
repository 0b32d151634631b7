package dev.jeton.tls;

import dev.jeton.http.HttpEngine.TlsIdentity;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** Certificates as an operator's CA would make them. */
public final class TestCertificates {
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final CertificateAuthority authority;

    public TestCertificates(Path folder) {
        try {
            authority = CertificateAuthority.open(Files.createDirectories(folder), NOW, new SecureRandom());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    X509Certificate authority() {
        return authority.certificate();
    }

    X509Certificate certificate(KeyPair pair, String name) {
        return authority.issue(pair.getPublic(), List.of(name), NOW, Duration.ofDays(90));
    }

    /** Of a server on this machine. */
    public TlsIdentity identity() {
        KeyPair pair = CertificateAuthority.newKeyPair(new SecureRandom());
        return identity(certificate(pair, "localhost"), pair);
    }

    /** What a listener needs to present it. */
    static TlsIdentity identity(X509Certificate certificate, KeyPair pair) {
        return new TlsIdentity(
                new String(Pem.encode(List.of(certificate)), StandardCharsets.US_ASCII),
                new String(Pem.encode(pair.getPrivate()), StandardCharsets.US_ASCII));
    }

    static KeyPair keyPair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Objects in the form of their kind: PKCS#1 for a pair of RSA keys. */
    static String traditional(Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
        }
        return text.toString();
    }
}
