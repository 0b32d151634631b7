package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path certificates;

    private static SSLContext context;

    private FakeTokenEndpoint server;

    /** A certificate for 127.0.0.1 that is its own authority, and what holds and trusts it. */
    @BeforeAll
    static void makeCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = certificates.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=server",
                        "-ext",
                        "san=ip:127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        context = contextOf(store);
    }

    private static SSLContext contextOf(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @BeforeEach
    void start() throws IOException {
        HttpsServer https = HttpsServer.create(FakeTokenEndpoint.freePort(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        server = new FakeTokenEndpoint(https);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void gets_tokens_over_tls_with_its_one_thread() throws GeneralSecurityException {
        SSLContext before = SSLContext.getDefault();
        SSLContext.setDefault(context);
        try {
            SettableClock clock = new SettableClock();
            TokenClient client = server.client().clock(clock).build();
            for (int day = 1; day <= 20; day++) {
                assertThat(client.token().value()).isEqualTo("token-" + day);
                clock.advance(Duration.ofDays(1));
            }
        } finally {
            SSLContext.setDefault(before);
        }
    }

    @Test
    void says_how_to_trust_an_authority_of_ones_own() {
        TokenException.Unavailable thrown = catchThrowableOfType(
                TokenException.Unavailable.class, server.client().build()::token);

        assertThat(thrown)
                .hasMessageContaining("no TLS connection")
                .hasMessageContaining("give the builder an HttpClient that trusts it");
        assertThat(server.count()).isZero();
    }

    @Test
    void trusts_what_the_http_client_trusts() {
        HttpClient trusting = HttpClient.newBuilder().sslContext(context).build();

        assertThat(server.client().httpClient(trusting).build().token().value()).isEqualTo("token-1");
    }
}
