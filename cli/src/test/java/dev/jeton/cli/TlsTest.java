package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    @TempDir
    static Path certificates;

    private FakeServer server;

    @BeforeAll
    static void makeCertificates() throws IOException, InterruptedException {
        certificate("server");
        certificate("other");
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        HttpsServer https = HttpsServer.create(FakeServer.freePort(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context("server")));
        server = new FakeServer(https, "https");
        server.on("GET /api/v2/keys/signing", 200, "[]");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void trusts_the_authority_that_is_named() {
        assertThat(keysList(certificates.resolve("server.pem")).exitCode()).isZero();
    }

    @Test
    void trusts_no_other_and_says_how_to_name_one() {
        assertThat(keysList(certificates.resolve("other.pem")).exitCode()).isEqualTo(1);
        assertThat(CommandLineRun.against(server, folder).run("keys", "list").err())
                .contains("the certificate of " + server.issuer() + " is not trusted", "--ca FILE", "tls/ca.pem");
        assertThat(server.tokenRequests()).isEmpty();
    }

    @Test
    void refuses_a_file_without_a_certificate() throws IOException {
        Files.writeString(folder.resolve("not.pem"), "no certificate\n");

        assertThat(keysList(Path.of("not.pem")).exitCode()).isEqualTo(2);
        assertThat(keysList(Path.of("missing.pem")).err()).contains("there is no file");
    }

    @Test
    void remembers_the_authority_of_a_login_by_its_absolute_path() throws IOException {
        Files.copy(certificates.resolve("server.pem"), folder.resolve("server.pem"));
        CommandLineRun login = CommandLineRun.against(server, folder);

        assertThat(login.run("login", "--ca", "server.pem").exitCode()).isZero();

        assertThat(Json.parse(Files.readString(folder.resolve(".config/jeton/cli.json")))
                        .at("/profiles/default/ca")
                        .asString())
                .isEqualTo(folder.resolve("server.pem").toAbsolutePath().toString());
        assertThat(new CommandLineRun(folder).run("keys", "list").exitCode()).isZero();
    }

    @Test
    void doctor_tells_whom_a_certificate_is_for_and_whether_it_is_trusted() {
        String ca = certificates.resolve("server.pem").toString();
        server.on("GET /health/ready", 200, "{\"status\":\"ok\"}");

        String trusted = new CommandLineRun(folder)
                .run("doctor", "--url", server.issuer(), "--ca", ca)
                .out();
        Result untrusted = new CommandLineRun(folder).run("doctor", "--url", server.issuer());

        assertThat(trusted)
                .containsPattern(
                        "\nwarn  tls           the certificate is for 127.0.0.1, by CN=server, valid for \\d+ days")
                .contains("\nok    health ");
        CommandLineRun.against(server, folder).run("login", "--ca", ca);
        assertThat(new CommandLineRun(folder)
                        .run("doctor", "--url", server.issuer())
                        .out())
                .contains("\nok    health ");
        assertThat(untrusted.exitCode()).isEqualTo(1);
        assertThat(untrusted.out())
                .containsPattern("\nfail  health .*is not trusted\n +cure: name the certificate authority");
    }

    private Result keysList(Path ca) {
        return CommandLineRun.against(server, folder).run("keys", "list", "--ca", ca.toString());
    }

    /** Makes a self-signed certificate for 127.0.0.1, which is its own authority. */
    private static void certificate(String name) throws IOException, InterruptedException {
        String store = certificates.resolve(name + ".p12").toString();
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-keystore",
                store,
                "-file",
                certificates.resolve(name + ".pem").toString());
    }

    private static void keytool(String... args) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        ProcessBuilder builder = new ProcessBuilder(keytool.toString(), "-storepass", PASSWORD);
        builder.command().addAll(1, List.of(args));
        int exitCode = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(exitCode).isZero();
    }

    private static SSLContext context(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(certificates.resolve(name + ".p12"))) {
            store.load(file, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
