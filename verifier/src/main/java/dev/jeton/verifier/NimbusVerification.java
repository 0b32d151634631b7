package dev.jeton.verifier;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;

/** One call of a Nimbus verifier, with a header made here, so that nothing of the token's own header reaches it. */
final class NimbusVerification {
    private NimbusVerification() {}

    static boolean verify(JWSVerifier verifier, SignatureAlgorithm algorithm, byte[] signingInput, byte[] signature) {
        JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm.headerValue()));
        try {
            return verifier.verify(header, signingInput, Base64URL.encode(signature));
        } catch (
                JOSEException notAvailable) { // a wrong signature is false, so this is the JVM's fault, not the token's
            throw new IllegalStateException("cannot verify " + algorithm.headerValue(), notAvailable);
        }
    }
}
