package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Jeton.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the server starts, refuses to start, and ends. */
class ServeTest {
    private static final int TERMINATED = 128 + 15;
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    private Jeton jeton() {
        return new Jeton(folder);
    }

    /** One line that begins with the program's name and holds no stack trace. */
    private static void assertOneSentence(Result result, int exitCode, String... parts) {
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().toList()).hasSize(1);
        assertThat(result.err()).startsWith("jeton: ").contains(parts);
    }

    @Test
    void a_data_folder_has_one_server_at_a_time() {
        try (RunningServer first = jeton().start("serve", "--port", "0", "--data", "d")) {
            assertOneSentence(
                    jeton().run("serve", "--port", "0", "--data", "d"),
                    1,
                    "in use by another Jeton server (process " + first.processId() + ")",
                    "--data");
        }
    }

    @Test
    void a_port_in_use_is_a_sentence_with_the_mend() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertOneSentence(
                    jeton().run("serve", "--port", port, "--data", "d"), 1, "port " + port, "in use", "--port");
        }
    }

    @Test
    void a_file_for_a_data_folder_is_a_sentence_with_the_mend() throws IOException {
        Files.writeString(folder.resolve("f"), "not a folder");

        assertOneSentence(
                jeton().run("serve", "--port", "0", "--data", "f"), 1, "a file stands where the folder should be");
        assertThat(folder.resolve("f")).hasContent("not a folder");
    }

    @Test
    void an_unknown_flag_names_the_nearest() {
        assertOneSentence(jeton().run("serve", "--prot", "0"), 1, "--prot", "did you mean --port?");
    }

    @Test
    void the_effective_configuration_is_shown_without_secrets() {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Jeton configured = jeton().with(Map.of(
                "JETON_BOOTSTRAP_CLIENT_ID", "bootstrap",
                "JETON_BOOTSTRAP_CLIENT_SECRET", "a secret for the bootstrap client",
                "JETON_MASTER_KEY", key));

        for (List<String> form : List.of(List.<String>of(), List.of("--json"))) {
            List<String> args = new ArrayList<>(List.of("config", "show", "--port", "1234"));
            args.addAll(form);
            Result shown = configured.run(args.toArray(String[]::new)).done();

            assertThat(shown.out())
                    .contains("1234")
                    .contains("--port")
                    .contains("JETON_BOOTSTRAP_CLIENT_SECRET")
                    .doesNotContain("a secret for the bootstrap client")
                    .doesNotContain(key);
        }
    }

    @Test
    void a_request_that_was_accepted_is_answered_after_sigterm() throws IOException {
        RunningServer server = jeton().start("serve", "--port", "0", "--data", "d");
        String body = "grant_type=client_credentials&client_id=nobody&client_secret=x&audience=x";
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(server.issuer()).getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            // Answered once, so that the server has seen this connection; then a request that is not yet whole.
            out.write(ascii("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertThat(readHead(in)).startsWith("HTTP/1.1 200");
            out.write(ascii("POST /oauth/token HTTP/1.1\r\nHost: x\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body.substring(0, 10)));
            out.write(ascii(body.substring(10, 20)));
            out.flush();
            awaitBytesTaken(socket);
            server.terminate();
            awaitNoMoreConnections(socket);
            out.write(ascii(body.substring(20)));
            out.flush();

            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).contains("HTTP/1.1 401");
        }
        assertThat(server.ended()).isEqualTo(TERMINATED);
        assertThat(server.err()).doesNotContain("WARNING:").doesNotContain("\tat ");
    }

    /** A second connection that is answered shows that the event loop has come round past the first one's bytes. */
    private static void awaitBytesTaken(Socket first) throws IOException {
        try (Socket second = new Socket(first.getInetAddress(), first.getPort())) {
            second.getOutputStream().write(ascii("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertThat(readHead(second.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    /** The stop has begun when the port is closed. */
    private static void awaitNoMoreConnections(Socket first) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try (Socket another = new Socket(first.getInetAddress(), first.getPort())) {
                another.setSoTimeout(1_000);
                // Accepted still, or taken by the kernel only: either way it ends when the port is closed.
                if (another.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketException _) {
                return;
            } catch (SocketTimeoutException _) {
                // Open still: look again.
            }
        }
        throw new AssertionError("the port is still open");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads one answer with a short body, and returns its head. */
    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        int length = head.toString()
                .lines()
                .map(line -> line.split(": ", 2))
                .filter(field -> field[0].equalsIgnoreCase("content-length"))
                .mapToInt(field -> Integer.parseInt(field[1]))
                .findFirst()
                .orElse(0);
        in.readNBytes(length);
        return head.toString();
    }

    @Test
    void over_tls_the_command_line_trusts_what_it_is_told_to() {
        try (RunningServer server = jeton().start("serve", "--port", "0", "--data", "d", "--tls", "self-signed")) {
            assertThat(server.issuer()).startsWith("https://");
            jeton().run("apps", "list", "--data", "d").done();
            Result token = jeton().run("token", "--data", "d", "--api", server.issuer() + "api/v2/")
                    .done();
            String ca = folder.resolve("d/tls/ca.pem").toString();

            assertThat(jeton().runWithInput(
                                    token.out(),
                                    "verify",
                                    "--url",
                                    server.issuer(),
                                    "--ca",
                                    ca,
                                    "--api",
                                    server.issuer() + "api/v2/")
                            .done()
                            .out())
                    .startsWith("The token is valid.");
            Result untrusted = jeton().runWithInput(
                            token.out(), "verify", "--url", server.issuer(), "--api", server.issuer() + "api/v2/");
            assertThat(untrusted.exitCode()).isEqualTo(1);
            assertThat(untrusted.err()).startsWith("jeton: ").contains("--ca").doesNotContain("\tat ");

            String port = String.valueOf(URI.create(server.issuer()).getPort());
            assertThat(jeton().run("doctor", "--data", "d", "--tls", "self-signed", "--port", port)
                            .done()
                            .out())
                    .contains("server        one runs on ", "health/ready says that the server is ready")
                    .containsPattern("ok    java .*, found by ");
            assertThat(jeton().run("doctor", "--url", server.issuer(), "--data", "d")
                            .done()
                            .out())
                    .contains("ok    issuer        is the URL", "ok    credentials   accepted: ");
        }
    }

    @Test
    void doctor_says_what_keeps_java_from_starting() {
        Result noJdk = jeton().with(Map.of("JETON_JAVA_HOME", "/nowhere")).run("doctor", "--data", "d");
        Result noStart =
                jeton().with(Map.of("JETON_JAVA_OPTIONS", "-XX:+Nonsense")).run("doctor", "--data", "d");

        assertThat(noJdk.exitCode()).isEqualTo(1);
        assertThat(noJdk.err()).startsWith("""
                        fail  java          JETON_JAVA_HOME is /nowhere, which is not a JDK 25
                                            cure: point it at one, or unset it
                        """);
        assertThat(noStart.exitCode()).isEqualTo(1);
        assertThat(noStart.err()).startsWith("fail  memory        Java does not start with JETON_JAVA_OPTIONS: ");
    }

    @Test
    void lost_access_is_recovered_and_the_master_key_replaced_while_no_server_runs() throws IOException {
        try (RunningServer server = jeton().start("serve", "--port", "0", "--data", "d")) {
            assertThat(server.issuer()).startsWith("http://127.0.0.1:");
            assertOneSentence(jeton().run("recover", "--data", "d"), 1, "in use by another Jeton server");
        }
        String before = Files.readString(folder.resolve("d/cli.json"));
        byte[] key = Files.readAllBytes(folder.resolve("d/master.key"));
        Files.delete(folder.resolve("d/cli.json"));

        Result recovered = jeton().run("recover", "--data", "d").done();
        assertThat(recovered.out()).startsWith("Made client ").contains("cli.json");
        Result rewrapped = jeton().run("rewrap", "--data", "d").done();
        assertThat(rewrapped.out()).contains("new master key");
        assertThat(recovered.err() + rewrapped.err()).isEmpty();
        assertThat(Files.readAllBytes(folder.resolve("d/master.key"))).isNotEqualTo(key);
        assertThat(Files.readString(folder.resolve("d/cli.json"))).isNotEqualTo(before);

        try (RunningServer server = jeton().start("serve", "--port", "0", "--data", "d")) {
            Result apps = jeton().run("apps", "list", "--data", "d").done();
            assertThat(apps.out()).contains("Recovered access").contains("Jeton command line");
            assertThat(server.err()).doesNotContain("WARNING:");
        }
    }
}
