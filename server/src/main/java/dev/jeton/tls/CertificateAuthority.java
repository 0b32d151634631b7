package dev.jeton.tls;

import dev.jeton.config.ConfigException;
import dev.jeton.config.DurableFile;
import dev.jeton.config.Host;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The CA that signs our own server certificates; clients trust {@code ca.pem}, so it is made once and kept. */
final class CertificateAuthority {
    private static final Duration LIFETIME = Duration.ofDays(3650);
    /** Clocks of clients may be late. */
    private static final Duration LEEWAY = Duration.ofHours(1);

    private static final int SERIAL_BYTES = 16;

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final SecureRandom random;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, SecureRandom random) {
        this.certificate = certificate;
        this.key = key;
        this.random = random;
    }

    static Path certificateFile(Path folder) {
        return folder.resolve("ca.pem");
    }

    private static Path keyFile(Path folder) {
        return folder.resolve("ca.key");
    }

    /** The CA in {@code ca.pem} and {@code ca.key}, made if there is none. */
    static CertificateAuthority open(Path folder, Instant now, SecureRandom random) throws IOException {
        Optional<ServerIdentity> stored = stored(folder, now);
        if (stored.isPresent()) {
            DurableFile.requirePrivate(keyFile(folder));
            return new CertificateAuthority(
                    stored.get().certificate(), stored.get().key(), random);
        }
        CertificateAuthority made = make(now, random);
        DurableFile.writePrivate(keyFile(folder), Pem.encode(made.key));
        DurableFile.write(certificateFile(folder), Pem.encode(List.of(made.certificate)));
        return made;
    }

    /** The CA that stands there, whoever may read its key; empty if there is none. */
    static Optional<ServerIdentity> stored(Path folder, Instant now) {
        if (!Files.exists(certificateFile(folder))) {
            return Optional.empty();
        }
        if (!Files.exists(keyFile(folder))) {
            throw new ConfigException(keyFile(folder)
                    + ": the key of our own CA is missing; restore it from a backup, or " + anew(folder));
        }
        try {
            return Optional.of(ServerIdentity.load(certificateFile(folder), keyFile(folder), now));
        } catch (ConfigException e) {
            throw new ConfigException(
                    "our own CA is not usable: " + e.getMessage() + " Restore it from a backup, or " + anew(folder), e);
        }
    }

    private static String anew(Path folder) {
        return "delete " + folder + ", start again and give the new ca.pem to every client.";
    }

    private static CertificateAuthority make(Instant now, SecureRandom random) {
        KeyPair pair = newKeyPair(random);
        byte[] name = new byte[4];
        random.nextBytes(name);
        // Two CAs of one name in a client's trust store would be mixed up.
        X500Principal subject =
                new X500Principal("CN=Jeton CA " + HexFormat.of().formatHex(name));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject, serial(random), date(now.minus(LEEWAY)), date(now.plus(LIFETIME)), subject, pair.getPublic());
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(sign(builder, pair.getPrivate(), random), pair.getPrivate(), random);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a CA certificate cannot be made", e);
        }
    }

    static KeyPair newKeyPair(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 keys cannot be made", e);
        }
    }

    X509Certificate certificate() {
        return certificate;
    }

    /**
     * A server certificate.
     *
     * @param names DNS names and addresses, IPv6 without brackets
     * @param lifetime cut short where the CA's own ends
     */
    X509Certificate issue(PublicKey publicKey, Collection<String> names, Instant now, Duration lifetime) {
        Instant caEnd = certificate.getNotAfter().toInstant();
        Instant end = now.plus(lifetime);
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                certificate.getSubjectX500Principal(),
                serial(random),
                date(now.minus(LEEWAY)),
                date(end.isBefore(caEnd) ? end : caEnd),
                new X500Principal("CN=Jeton server"),
                publicKey);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(names.stream()
                            .map(CertificateAuthority::generalName)
                            .toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
            return sign(builder, key, random);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a server certificate cannot be made", e);
        }
    }

    private static GeneralName generalName(String name) {
        return new GeneralName(Host.address(name).isPresent() ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key, SecureRandom random)
            throws IOException {
        try {
            JcaContentSignerBuilder signer = new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random);
            return Pem.certificate(builder.build(signer.build(key)).getEncoded());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("ECDSA is not available", e);
        }
    }

    /** Positive and not zero, RFC 5280 §4.1.2.2. */
    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BYTES * Byte.SIZE - 1, random).setBit(SERIAL_BYTES * Byte.SIZE - 2);
    }

    private static Date date(Instant instant) {
        return Date.from(instant);
    }
}
