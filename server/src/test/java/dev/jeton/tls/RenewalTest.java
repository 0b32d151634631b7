package dev.jeton.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificate files that are replaced while a server runs. */
class RenewalTest {
    @TempDir
    private Path folder;

    /** Looks at what a server presents, whatever that is. */
    private static final class TrustsAnybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private X509Certificate replace(TestCertificates certificates) throws IOException {
        KeyPair pair = CertificateAuthority.newKeyPair(new SecureRandom());
        X509Certificate certificate = certificates.certificate(pair, "jeton.example.com");
        Files.write(folder.resolve("cert.pem"), Pem.encode(List.of(certificate)));
        Files.write(folder.resolve("key.pem"), Pem.encode(pair.getPrivate()));
        return certificate;
    }

    private static Certificate presentedAt(int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void new_connections_see_the_new_certificate_without_a_restart() throws Exception {
        TestCertificates certificates = new TestCertificates(folder.resolve("ca"));
        X509Certificate first = replace(certificates);
        Map<String, String> tls = Map.of("JETON_TLS", folder.resolve("cert.pem") + "," + folder.resolve("key.pem"));
        try (TestServer server =
                TestServer.startOn(folder.resolve("data"), tls, new MutableClock(TestCertificates.NOW))) {
            assertThat(presentedAt(server.port())).isEqualTo(first);

            X509Certificate second = replace(certificates);

            Await.until(
                    "the new certificate is presented",
                    () -> presentedAt(server.port()).equals(second));
        }
    }
}
