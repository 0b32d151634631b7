package dev.jeton.client;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * {@code signing_keys} of a client. Auth0 gives each client a key of its own; Jeton shows the certificate of the one that
 * signs tokens, and never a private key.
 */
final class SigningCertificate {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\r', '\n'});

    private record Shown(String jwks, ArrayNode json) {}

    private final Supplier<String> jwks;
    private volatile Shown shown = new Shown("", JSON.createArrayNode());

    /** @param jwks the published keys, RFC 7517 §5; of each kind the current one first */
    SigningCertificate(Supplier<String> jwks) {
        this.jwks = jwks;
    }

    ArrayNode json() {
        String now = jwks.get();
        Shown last = shown;
        if (!last.jwks().equals(now)) {
            last = new Shown(now, read(now));
            shown = last;
        }
        return last.json().deepCopy();
    }

    private static ArrayNode read(String jwks) {
        ArrayNode json = JSON.createArrayNode();
        JSON.readTree(jwks)
                .path("keys")
                .valueStream()
                .filter(key -> key.path("kty").asString().equals("RSA"))
                .map(key -> key.path("x5c").path(0))
                .filter(JsonNode::isString)
                .findFirst()
                .ifPresent(der -> add(json, Base64.getDecoder().decode(der.stringValue())));
        return json;
    }

    private static void add(ArrayNode json, byte[] der) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            X509Certificate certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
            json.addObject()
                    .put("cert", pem("CERTIFICATE", der))
                    .put(
                            "pkcs7",
                            pem(
                                    "PKCS7",
                                    factory.generateCertPath(List.of(certificate))
                                            .getEncoded("PKCS7")))
                    .put(
                            "subject",
                            "/"
                                    + certificate
                                            .getSubjectX500Principal()
                                            .getName()
                                            .replace(",", "/"));
        } catch (CertificateException e) {
            throw new IllegalStateException("a published certificate cannot be read", e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\r\n" + LINES.encodeToString(der) + "\r\n-----END " + label + "-----";
    }
}
