package dev.jeton.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.config.ConfigReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real handshake with a client that trusts {@code ca.pem} and nothing else. */
class HandshakeTest {
    @TempDir
    Path folder;

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private SSLServerSocket server;
    private SSLContext client;

    @BeforeEach
    void listen() throws Exception {
        // The JDK's client compares dates with the system clock.
        IdentitySource source = IdentitySource.of(
                        ConfigReader.read(new String[] {"--tls", "self-signed"}, Map.of()),
                        folder,
                        InstantSource.system(),
                        new SecureRandom())
                .orElseThrow();
        assertThat(source).isInstanceOf(SelfSigned.class);
        client = trusting(((SelfSigned) source).caCertificate());
        server = (SSLServerSocket) presenting(source.current())
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setEnabledProtocols(TlsPolicy.PROTOCOLS.toArray(String[]::new));
        server.setEnabledCipherSuites(TlsPolicy.CIPHER_SUITES.toArray(String[]::new));
        executor.execute(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        executor.close();
    }

    private void answer() {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.getOutputStream().write('!');
            } catch (IOException _) {
                // The tests look at the client's side.
            }
        }
    }

    private static SSLContext trusting(Path ca) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        store.setCertificateEntry("ca", factory.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(ca))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static SSLContext presenting(ServerIdentity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private SSLSocket connect(String name) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(plain, name, server.getLocalPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    @ParameterizedTest
    @CsvSource({"localhost, TLSv1.3", "127.0.0.1, TLSv1.2", "::1, TLSv1.3"})
    void a_client_that_trusts_the_ca_connects_by_every_name(String name, String protocol) throws IOException {
        try (SSLSocket socket = connect(name)) {
            socket.setEnabledProtocols(new String[] {protocol});

            assertThat(socket.getInputStream().read()).isEqualTo('!');
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
    }

    @Test
    void a_client_refuses_the_server_under_another_name() throws IOException {
        try (SSLSocket socket = connect("jeton.example.com")) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"})
    void no_suite_without_authenticated_encryption_is_agreed_to(String suite) throws IOException {
        try (SSLSocket socket = connect("localhost")) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});

            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void the_policy_names_suites_that_the_jdk_knows() {
        assertThat(List.of(server.getSupportedCipherSuites())).containsAll(TlsPolicy.CIPHER_SUITES);
    }
}
