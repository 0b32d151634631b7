package dev.jeton.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.TestServer;
import dev.jeton.config.Config;
import dev.jeton.config.ConfigReader;
import dev.jeton.doctor.Finding.Level;
import dev.jeton.http.HttpEngine.TlsIdentity;
import dev.jeton.oauth.Issuer;
import dev.jeton.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerChecksTest {
    @TempDir
    private Path folder;

    @Test
    void a_server_that_runs_holds_its_port_and_its_folder_and_is_ready_at_its_issuer() throws IOException {
        try (TestServer server = TestServer.start()) {
            String port = Integer.toString(server.port());
            Map<String, String> before = FolderChecksTest.state(server.folder());

            Report report = Report.of(server.folder(), Map.of("JETON_PORT", port));
            Report strange = Report.of(folder, Map.of("JETON_PORT", port));
            Report elsewhere =
                    Report.of(server.folder(), Map.of("JETON_PORT", port, "JETON_ISSUER", "http://127.0.0.1:1/"));

            assertThat(report.failures()).containsOnly("clock");
            assertThat(report.of("server")).singleElement().asString().contains("ok: one runs on ", ": process ");
            assertThat(report.of("port")).singleElement().asString().contains("ok: ", "is in use, as a server runs");
            assertThat(report.of("database")).singleElement().asString().endsWith(", the newest");
            assertThat(report.of("master key")).singleElement().asString().startsWith("ok: ");
            assertThat(report.of("issuer"))
                    .containsExactly("ok: GET " + server.issuer() + "health/ready says that the server is ready");
            assertThat(FolderChecksTest.state(server.folder()).keySet()).isEqualTo(before.keySet());

            assertThat(strange.of("port"))
                    .singleElement()
                    .asString()
                    .contains("fail: ", "another Jeton server, on another data folder");
            assertThat(elsewhere.of("issuer"))
                    .anySatisfy(line -> assertThat(line).contains("warn: ", "names port 1"))
                    .anySatisfy(line -> assertThat(line).contains("fail: ", "is not answered from this machine"));
        }
    }

    @Test
    void a_server_killed_in_the_middle_left_all_that_is_needed_to_look() throws IOException {
        Path crashed = folder.resolve("crashed");
        try (TestServer server = TestServer.start()) {
            FolderChecksTest.copy(server.folder(), crashed);
        }

        Report report = Report.of(crashed, Map.of("JETON_PORT", "0"));

        assertThat(report.of("server")).containsExactly("ok: none runs on " + crashed);
        assertThat(report.of("database")).singleElement().asString().endsWith(", the newest");
        assertThat(report.of("master key")).singleElement().asString().startsWith("ok: ");
    }

    @Test
    void a_port_that_another_program_has() throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.9"); // where no other test listens
        Map<String, String> settings = new HashMap<>(Map.of("JETON_HOST", here.getHostAddress()));
        try (ServerSocket taken = new ServerSocket(0, 1, here)) {
            Thread.ofVirtual().start(() -> hangUp(taken));
            settings.put("JETON_PORT", Integer.toString(taken.getLocalPort()));

            assertThat(Report.of(folder, settings).of("port"))
                    .singleElement()
                    .asString()
                    .contains("fail: ", "is in use by another program", "--port");
        }
        assertThat(Report.of(folder, settings).of("port"))
                .containsExactly("ok: " + settings.get("JETON_PORT") + " on 127.0.0.9 is free");
    }

    private static void hangUp(ServerSocket listener) {
        try {
            while (true) {
                listener.accept().close();
            }
        } catch (IOException _) {
            // the listener is closed
        }
    }

    private Report withCertificate(Instant now, String issuer, String key) throws IOException {
        TlsIdentity identity = new TestCertificates(folder.resolve("ca")).identity();
        Path certificate = Files.writeString(folder.resolve("cert.pem"), identity.certificates());
        Path keyFile = Files.writeString(folder.resolve("key.pem"), key.isEmpty() ? identity.key() : key);
        return Report.at(
                InstantSource.fixed(now),
                folder.resolve("data"),
                Map.of("JETON_PORT", "0", "JETON_TLS", certificate + "," + keyFile, "JETON_ISSUER", issuer));
    }

    @Test
    void a_certificate_that_fits_its_key_its_time_and_the_issuer() throws IOException {
        assertThat(withCertificate(TestServer.START, "https://localhost", "").of("tls"))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).matches("ok: .*valid for 89 days more"))
                .anySatisfy(line -> assertThat(line).isEqualTo("ok: it is for the issuer's host, localhost"))
                .anySatisfy(line ->
                        assertThat(line).contains("warn: its chain ends at CN=Jeton CA", "which Java does not"));
    }

    @Test
    void a_certificate_that_ends_soon_has_ended_or_is_for_another_host_or_key() throws IOException {
        Instant late = TestServer.START.plus(Duration.ofDays(85));
        String otherKey =
                new TestCertificates(folder.resolve("other")).identity().key();

        assertThat(withCertificate(late, "https://localhost", "").of("tls"))
                .anySatisfy(line -> assertThat(line).matches("warn: .*valid for 4 days more; renew it.*"));
        assertThat(withCertificate(late.plus(Duration.ofDays(9)), "https://localhost", "")
                        .of("tls"))
                .singleElement()
                .asString()
                .contains("fail: ", "expired at");
        assertThat(withCertificate(TestServer.START, "https://auth.example.com", "")
                        .of("tls"))
                .anySatisfy(
                        line -> assertThat(line).startsWith("fail: it is not for the issuer's host, auth.example.com"));
        assertThat(withCertificate(TestServer.START, "https://localhost", otherKey)
                        .of("tls"))
                .singleElement()
                .asString()
                .contains("fail: ", "it is not the key of the certificate");
    }

    @Test
    void a_chain_that_java_trusts_and_one_whose_parts_do_not_belong_together() throws Exception {
        List<X509Certificate> trusted = Trust.ofJava();

        assertThat(ListenerChecks.chain(List.of(trusted.getFirst()), trusted).level())
                .isEqualTo(Level.OK);
        assertThat(ListenerChecks.chain(List.of(trusted.getFirst()), List.of()).level())
                .isEqualTo(Level.WARN);
        assertThat(ListenerChecks.chain(List.of(trusted.getFirst(), trusted.getLast()), trusted)
                        .level())
                .isEqualTo(Level.FAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "--port 8080,                                                        http://127.0.0.1:8080/,     ''",
        "--port 8080 --behind-proxy 10.0.0.0/8,                              https://auth.example.com/,  ''",
        "--port 8080,                                                        https://auth.example.com/,  with no proxy named",
        "--port 8080,                                                        http://127.0.0.1:9090/,     names port 9090",
        "--port 443 --tls self-signed --host 0.0.0.0,                        https://auth.example.com/,  ''",
        "--port 443 --tls self-signed --host 0.0.0.0,                        https://localhost/,         this machine's name for itself",
    })
    void an_issuer_that_does_not_go_with_the_rest(String flags, String issuer, String odd) {
        Config config = ConfigReader.read((flags + " --issuer " + issuer).split(" "), Map.of());

        assertThat(ListenerChecks.form(config, Issuer.of(issuer))
                        .map(Finding::text)
                        .orElse(""))
                .satisfies(text -> assertThat(text.isEmpty()).isEqualTo(odd.isEmpty()))
                .contains(odd);
    }
}
