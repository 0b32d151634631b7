package dev.jeton.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.Await;
import dev.jeton.http.HttpEngine;
import dev.jeton.http.HttpEngine.TlsIdentity;
import dev.jeton.http.TlsEngine;
import dev.jeton.http.TrustedProxies;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's own listener, with each engine that may do its cryptography. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
class ListenerTest {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpEngine engine;
    private TestCertificates certificates;

    @SuppressWarnings("NullAway.Init") // made before each test
    ListenerTest(TlsEngine tlsEngine) {
        HttpEngine.Settings settings = new HttpEngine.Settings(
                "127.0.0.1",
                0,
                1,
                1,
                16_384,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                100,
                new TrustedProxies(_ -> false));
        engine = new HttpEngine(settings, () -> "0123456789abcdef0123", tlsEngine);
    }

    @BeforeEach
    void makeAuthority(@TempDir Path folder) {
        certificates = new TestCertificates(folder);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    /** Accepts whatever is presented, and the tests look at it. */
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

    /** A certificate, and what the listener needs to present it. */
    private record Presented(Certificate certificate, TlsIdentity identity) {}

    private Presented presented(String kind) {
        KeyPair pair = kind.equals("EC")
                ? CertificateAuthority.newKeyPair(new SecureRandom())
                : TestCertificates.keyPair(kind);
        X509Certificate certificate = certificates.certificate(pair, "localhost");
        return new Presented(certificate, TestCertificates.identity(certificate, pair));
    }

    private static SSLSocket connect(int port) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** The certificate that came with an answer. */
    private static Certificate answered(int port, String protocol) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(port)) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream().write(REQUEST);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 503 ");
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void boringssl_loads_on_the_systems_that_we_build_for() {
        OpenSsl.ensureAvailability();
    }

    @Test
    void answers_with_every_kind_of_key_and_takes_another_kind_without_a_restart() throws Exception {
        Presented first = presented("EC");
        int port = engine.listen(first.identity());
        assertThat(answered(port, "TLSv1.3")).isEqualTo(first.certificate());
        for (String kind : List.of("RSA", "EC", "EC")) {
            Presented next = presented(kind);

            engine.renewTls(next.identity());

            Await.until(
                    "the key is of the kind " + kind,
                    () -> answered(port, "TLSv1.3").equals(next.certificate()));
            assertThat(answered(port, "TLSv1.2")).isEqualTo(next.certificate());
        }
    }

    @Test
    void agrees_to_http_2_before_and_after_it_takes_another_key() throws Exception {
        Presented first = presented("EC");
        int port = engine.listen(first.identity());
        assertThat(agreed(port)).isEqualTo(new Agreed("h2", first.certificate()));
        Presented next = presented("EC");

        engine.renewTls(next.identity());

        assertThat(agreed(port)).isEqualTo(new Agreed("h2", next.certificate()));
    }

    private record Agreed(String protocol, Certificate certificate) {}

    /** With a client that would rather speak HTTP/2. */
    private static Agreed agreed(int port) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new Agreed(
                    socket.getApplicationProtocol(), socket.getSession().getPeerCertificates()[0]);
        }
    }

    @Test
    void agrees_to_the_suites_of_the_policy_and_to_no_other() throws Exception {
        int port = engine.listen(presented("EC").identity());
        for (String suite : connect(port).getSupportedCipherSuites()) {
            if (!suite.contains("_ECDSA_") || suite.contains("_ECDH_")) {
                continue;
            }
            try (SSLSocket socket = connect(port)) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.setEnabledCipherSuites(new String[] {suite});
                if (TlsPolicy.CIPHER_SUITES.contains(suite)) {
                    socket.startHandshake();
                    assertThat(socket.getSession().getCipherSuite()).isEqualTo(suite);
                } else {
                    assertThatThrownBy(socket::startHandshake).as(suite).isInstanceOf(SSLException.class);
                }
            }
        }
    }

    @Test
    void refuses_older_protocols() throws Exception {
        int port = engine.listen(presented("RSA").identity());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(clientHelloOfTls11());

            assertThat(socket.getInputStream().read())
                    .as("an alert, RFC 5246 §7.2")
                    .isEqualTo(0x15);
        }
    }

    /** TLS 1.1 with the suite TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, RFC 4346 §7.4.1.2; the JDK's client no longer sends it. */
    private static byte[] clientHelloOfTls11() {
        byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
        byte[] head = {0x16, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9), 3, 2};
        System.arraycopy(head, 0, hello, 0, head.length);
        byte[] end = {0, 0, 2, (byte) 0xc0, 0x13, 1, 0};
        System.arraycopy(end, 0, hello, hello.length - end.length, end.length);
        return hello;
    }
}
