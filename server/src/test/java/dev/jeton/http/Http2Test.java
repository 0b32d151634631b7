package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Http2Test {
    @TempDir
    private static Path folder;

    private static TestServer server;

    @BeforeAll
    static void start() {
        // The JDK's client compares the certificate's dates with the system clock.
        MutableClock clock = new MutableClock(InstantSource.system().instant());
        server = TestServer.startOn(folder, Map.of("JETON_TLS", "self-signed"), clock);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpClient client(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(trusting(folder.resolve("tls/ca.pem")))
                .build();
    }

    private static HttpRequest token(String issuer, String body) {
        return HttpRequest.newBuilder(URI.create(issuer + "oauth/token"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void over_tls_client_and_server_agree_on_the_version(HttpClient.Version version) throws Exception {
        assertThat(server.issuer()).startsWith("https://");
        try (HttpClient client = client(version)) {
            HttpResponse<String> response = client.send(server.request("pem").build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.body()).startsWith("-----BEGIN CERTIFICATE-----");
        }
    }

    @Test
    void an_answer_has_no_field_of_a_connection() throws Exception {
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            HttpResponse<String> response = client.send(token(server.issuer(), "{}"), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().allValues("connection")).isEmpty();
        }
    }

    /** A sign-in is refused unless the page's origin is the issuer's or the host's. */
    @Test
    void the_host_that_is_asked_is_known() throws Exception {
        String localhost = "https://localhost:" + server.port();
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create(localhost + "/dashboard/session"))
                            .header("Origin", localhost)
                            .POST(BodyPublishers.ofString("{\"name\":\"ada\",\"password\":\"x\"}"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).contains("invalid_credentials");
        }
    }

    @Test
    void many_requests_share_a_connection() throws Exception {
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            client.send(server.request("pem").build(), BodyHandlers.ofString());
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(client.sendAsync(token(server.issuer(), "{}"), BodyHandlers.ofString()));
            }

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(
                                    answer.get(20, TimeUnit.SECONDS).statusCode())
                            .isIn(401, 429));
        }
    }

    @Test
    void too_long_a_body_ends_its_stream_and_not_the_connection() throws Exception {
        try (HttpClient client = client(HttpClient.Version.HTTP_2)) {
            HttpResponse<String> first = client.send(server.request("pem").build(), BodyHandlers.ofString());
            for (int length : new int[] {2, 65_537, 2_000_000, 2}) {
                HttpResponse<String> response =
                        client.send(token(server.issuer(), "x".repeat(length)), BodyHandlers.ofString());

                assertThat(response.statusCode()).isEqualTo(length > 65_536 ? 413 : 400);
                assertThat(response.connectionLabel()).isEqualTo(first.connectionLabel());
            }
        }
    }

    @Test
    void a_connection_in_the_clear_is_not_upgraded() throws Exception {
        try (TestServer inTheClear = TestServer.start();
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            HttpResponse<String> response =
                    client.send(inTheClear.request("pem").build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    private static SSLContext trusting(Path ca) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(ca)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
