package dev.jeton.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The certificate that a server shows, whoever signed it: to be looked at, not to be trusted. */
record ShownCertificate(X509Certificate certificate) {
    /** Nothing is sent over a connection that is opened so; {@link JetonServer} judges for itself. */
    private static final X509TrustManager LOOKS_ONLY = new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    private static final int SUBJECT_ALTERNATIVE_NAMES_TOLD = 5;

    /** Shakes hands over a connection. */
    static ShownCertificate of(Socket connected, InetSocketAddress server) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {LOOKS_ONLY}, null);
            try (SSLSocket tls = (SSLSocket) context.getSocketFactory()
                    .createSocket(connected, server.getHostString(), server.getPort(), true)) {
                tls.startHandshake();
                return new ShownCertificate((X509Certificate) tls.getSession().getPeerCertificates()[0]);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK speaks no TLS", e);
        }
    }

    long daysFrom(Instant now) {
        return Duration.between(now, certificate.getNotAfter().toInstant()).toDays();
    }

    boolean isOverAt(Instant now) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }

    String words() {
        return "the certificate is for " + names() + ", by "
                + certificate.getIssuerX500Principal().getName();
    }

    private String names() {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? "nobody"
                    : String.join(
                            ", ",
                            names.stream()
                                    .limit(SUBJECT_ALTERNATIVE_NAMES_TOLD)
                                    .map(typeAndName -> String.valueOf(typeAndName.get(1)))
                                    .toList());
        } catch (CertificateParsingException _) {
            return "names that cannot be read";
        }
    }
}
