package dev.jeton.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/** One public key or X.509 certificate in PEM, RFC 7468 §13 and §5. */
record PublicPem(PublicKey key, Optional<X509Certificate> certificate) {
    private static final Pattern BLOCK =
            Pattern.compile("\\s*-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 4096;

    /** @throws IllegalArgumentException says what is wrong, and repeats nothing of the text */
    static PublicPem parse(String text) {
        if (text.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException("It holds a private key: send the public key alone");
        }
        Matcher block = BLOCK.matcher(text);
        if (!block.matches()) {
            throw new IllegalArgumentException("It is not one PEM block of a PUBLIC KEY or a CERTIFICATE");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            if (block.group(1).equals("PUBLIC KEY")) {
                return new PublicPem(
                        KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)), Optional.empty());
            }
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new PublicPem(certificate.getPublicKey(), Optional.of(certificate));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("It cannot be read as an RSA public key or a certificate", e);
        }
    }

    /** The SHA-256 thumbprint of an RSA key of a fit length, RFC 7638. */
    String keyThumbprint() {
        if (!(key instanceof RSAPublicKey rsa)
                || rsa.getModulus().bitLength() < MIN_RSA_BITS
                || rsa.getModulus().bitLength() > MAX_RSA_BITS) {
            throw new IllegalArgumentException(
                    "An RSA key of " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " bits is needed");
        }
        try {
            return new RSAKey.Builder(rsa).build().computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    X509Certificate requireCertificate() {
        return certificate.orElseThrow(() -> new IllegalArgumentException("A certificate is needed"));
    }

    String certificateThumbprint() {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256")
                            .digest(requireCertificate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read cannot be encoded", e);
        }
    }

    Instant expiry() {
        return requireCertificate().getNotAfter().toInstant();
    }

    /** The attributes of the certificate's subject, the widest first, each on a line: {@code C=JP}, {@code CN=job}. */
    String subject() {
        try {
            return new LdapName(requireCertificate().getSubjectX500Principal().getName(X500Principal.RFC2253))
                    .getRdns().stream()
                            .map(attribute -> attribute.getType() + "=" + attribute.getValue())
                            .collect(Collectors.joining("\n"));
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException("The certificate's subject cannot be read", e);
        }
    }
}
