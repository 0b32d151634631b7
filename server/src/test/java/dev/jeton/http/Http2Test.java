package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
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
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpRequest token(String issuer, String body) {
        return HttpRequest.newBuilder(URI.create(issuer + "oauth/token"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void a_connection_in_the_clear_is_upgraded() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpResponse<String> first = client.send(server.request("pem").build(), BodyHandlers.ofString());
            HttpResponse<String> second = client.send(token(server.issuer(), "{}"), BodyHandlers.ofString());

            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(first.body()).startsWith("-----BEGIN CERTIFICATE-----");
            assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(second.statusCode()).isEqualTo(401);
            assertThat(second.headers().allValues("connection")).isEmpty();
        }
    }

    @Test
    void many_requests_share_a_connection() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
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
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
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
    void a_client_may_know_in_advance_that_it_is_http_2() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            HttpClientResponse response = client.request(HttpMethod.GET, server.port(), "127.0.0.1", "/pem")
                    .compose(HttpClientRequest::send)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void over_tls_client_and_server_agree_on_the_version(HttpClient.Version version, @TempDir Path folder)
            throws Exception {
        // The JDK's client compares the certificate's dates with the system clock.
        MutableClock clock = new MutableClock(InstantSource.system().instant());
        try (TestServer secured = TestServer.startOn(folder, Map.of("JETON_TLS", "self-signed"), clock);
                HttpClient client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(trusting(folder.resolve("tls/ca.pem")))
                        .build()) {
            assertThat(secured.issuer()).startsWith("https://");
            HttpResponse<String> response = client.send(secured.request("pem").build(), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
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
