package dev.jeton.resourceserver;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.X509CertUtils;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The key that an API wants its tokens encrypted with, of which an answer shows the thumbprint only. */
final class EncryptionKey {
    private static final int MIN_BITS = 2_048; // RFC 7518 §4.3

    private EncryptionKey() {}

    /**
     * The SHA-256 thumbprint in base64url of the certificate (RFC 7517 §4.9), or of the bare public key (RFC 7638); empty
     * if the text is neither with an RSA key that is long enough, or holds a private key.
     */
    static Optional<String> thumbprint(String pem) {
        try {
            JWK key = JWK.parseFromPEMEncodedObjects(pem);
            if (!(key instanceof RSAKey rsa) || rsa.isPrivate() || rsa.size() < MIN_BITS) {
                return Optional.empty();
            }
            X509Certificate certificate = X509CertUtils.parse(pem);
            return Optional.of(
                    (certificate == null ? rsa.computeThumbprint() : X509CertUtils.computeSHA256Thumbprint(certificate))
                            .toString());
        } catch (JOSEException notSuchAKey) {
            return Optional.empty();
        }
    }
}
