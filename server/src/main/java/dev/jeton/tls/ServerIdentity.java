package dev.jeton.tls;

import dev.jeton.config.ConfigException;
import dev.jeton.config.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A certificate chain, the server's own certificate first, and the private key that fits that one. */
public final class ServerIdentity {
    private static final int MAX_FILE_BYTES = 1 << 20;
    /** What the HTTP engine reads; no public CA certifies others. */
    private static final Set<String> KEYS = Set.of("RSA", "EC");

    private static final String MEND = "; give PEM files by --tls cert.pem,key.pem.";

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    ServerIdentity(List<X509Certificate> chain, PrivateKey key) {
        this.chain = List.copyOf(chain);
        this.key = key;
    }

    /**
     * Reads a pair of PEM files: whether the key fits, the chain is in order and the server's certificate valid now is
     * checked; who signed it is for the clients to judge.
     *
     * @throws ConfigException with one sentence that names the file and the mend
     */
    static ServerIdentity load(Path certificateFile, Path keyFile, Instant now) {
        List<X509Certificate> chain = certificates(certificateFile);
        PrivateKey key = privateKey(keyFile);
        checkKey(certificateFile, chain, keyFile, key);
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new ConfigException(
                        certificateFile + ": certificate " + (i + 1) + " did not issue the one before "
                                + "it; put the server's certificate first and each issuer after what it issued.");
            }
        }
        Instant from = chain.getFirst().getNotBefore().toInstant();
        Instant until = chain.getFirst().getNotAfter().toInstant();
        if (now.isAfter(until)) {
            throw new ConfigException(certificateFile + ": the certificate expired at " + until + "; renew it.");
        }
        if (now.isBefore(from)) {
            throw new ConfigException(certificateFile + ": the certificate is valid from " + from
                    + " on, and the clock " + "says " + now + "; set the clock right or wait.");
        }
        return new ServerIdentity(chain, key);
    }

    private static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates;
        try {
            certificates = Pem.certificates(read(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (certificates.isEmpty()) {
            throw new ConfigException(file + ": it holds no certificate (BEGIN CERTIFICATE)" + MEND);
        }
        return certificates;
    }

    private static PrivateKey privateKey(Path file) {
        PrivateKey key;
        try {
            key = Pem.privateKey(read(file));
        } catch (Pem.EncryptedKeyException e) {
            throw new ConfigException(
                    file + ": the private key is encrypted, and a server that starts by itself cannot ask for its "
                            + "password; decrypt it with openssl pkey -in " + file
                            + " -out key.pem, and give that file.",
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (key == null) {
            throw new ConfigException(file + ": it holds no private key (BEGIN PRIVATE KEY)" + MEND);
        }
        if (!KEYS.contains(key.getAlgorithm())) {
            throw new ConfigException(file + ": the listener cannot use a key of the kind " + key.getAlgorithm()
                    + "; give an RSA or EC key and its certificate.");
        }
        return key;
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_FILE_BYTES);
        }
    }

    private static ConfigException unreadable(Path file, IOException e) {
        return new ConfigException(file + ": it cannot be read (" + ConfigException.reason(e) + ")" + MEND, e);
    }

    private static void checkKey(Path certificateFile, List<X509Certificate> chain, Path keyFile, PrivateKey key) {
        if (fits(chain.getFirst().getPublicKey(), key)) {
            return;
        }
        if (chain.stream().anyMatch(certificate -> fits(certificate.getPublicKey(), key))) {
            throw new ConfigException(certificateFile + ": the certificate that " + keyFile + " belongs to does not "
                    + "stand first; put the server's certificate first and each issuer after what it issued.");
        }
        throw new ConfigException(keyFile + ": it is not the key of the certificate in " + certificateFile
                + "; give the pair that was made together.");
    }

    /** Whether the one verifies what the other signs. */
    static boolean fits(PublicKey publicKey, PrivateKey privateKey) {
        String algorithm = signatureAlgorithm(privateKey);
        byte[] message = {1};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(message);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // keys of two kinds
        }
    }

    private static String signatureAlgorithm(PrivateKey key) {
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    public List<X509Certificate> chain() {
        return chain;
    }

    /** The DNS names and addresses that the certificate is for. */
    Set<String> names() {
        try {
            Collection<List<?>> names = certificate().getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .map(typeAndName -> SelfSigned.canonical(String.valueOf(typeAndName.get(1))))
                            .collect(Collectors.toSet());
        } catch (CertificateParsingException _) {
            return Set.of();
        }
    }

    /** Whether a client that calls the server by that name accepts the certificate; an asterisk stands for one label. */
    public boolean isFor(String host) {
        String name = SelfSigned.canonical(host);
        boolean isAddress = Host.address(name).isPresent();
        return names().contains(name) || (!isAddress && names().contains(name.replaceFirst("^[^.]+", "*")));
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    PrivateKey key() {
        return key;
    }

    /** The chain as PEM. */
    public byte[] chainPem() {
        return Pem.encode(chain);
    }

    /** The private key as PEM, PKCS#8 whatever the form it was read in. */
    public byte[] revealKeyPem() {
        return Pem.encode(key);
    }

    @Override
    public String toString() {
        return "ServerIdentity[" + certificate().getSubjectX500Principal() + "]";
    }
}
