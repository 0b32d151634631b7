package dev.jeton.e2e.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger can do over HTTP/1.1, while somebody else is served. */
@Timeout(600)
class Http1AttackTest {
    private static final String HEAD = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    private static Path folder;

    private static Victim victim;
    private HealthyClient healthy;

    @BeforeAll
    static void start() throws Exception {
        victim = Victim.start(folder);
    }

    @AfterAll
    static void stop() {
        victim.close();
    }

    @BeforeEach
    void somebody_is_served() throws Exception {
        healthy = HealthyClient.start(victim);
        healthy.awaitAnswers(1);
    }

    @AfterEach
    void and_still_is(TestInfo attack) throws Exception {
        healthy.awaitAnswers(1);
        healthy.assertServed(attack.getDisplayName());
        victim.assertRecovered();
    }

    private static Crowd crowd(int size) throws IOException {
        return new Crowd(victim.port(), size);
    }

    @Test
    void connections_that_say_nothing_are_cut_off() throws Exception {
        try (Crowd crowd = crowd(Math.min(10_000, 2_000 * Victim.SCALE))) {
            healthy.awaitAnswers(20);
            Await.until("the silent are cut off", () -> crowd.alive() == 0);
        }
    }

    @Test
    void connections_that_idle_after_a_request_are_closed() throws Exception {
        try (Crowd crowd = crowd(Math.min(10_000, 1_000 * Victim.SCALE))) {
            crowd.send("GET /pem HTTP/1.1\r\nHost: x\r\n\r\n");
            healthy.awaitAnswers(20);
            Await.until("the idle are closed", () -> crowd.alive() == 0);
        }
    }

    /** There is room for about 12,000 here; who comes when all is taken is let in for one who said nothing. */
    @Test
    void more_silent_connections_than_there_is_room_for_keep_nobody_out() throws Exception {
        try (Crowd first = crowd(7_000);
                Crowd second = crowd(7_000)) {
            healthy.awaitAnswers(20);
            assertThat(first.alive() + second.alive()).isLessThan(14_000);
        }
    }

    @Test
    void heads_that_drip_are_cut_off() throws Exception {
        try (Crowd crowd = crowd(500 * Victim.SCALE)) {
            crowd.send("GET /pem HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            Await.until("the slow are cut off", () -> crowd.taking("x") == 0);
        }
    }

    @Test
    void bodies_that_drip_are_cut_off() throws Exception {
        try (Crowd crowd = crowd(500 * Victim.SCALE)) {
            crowd.send(HEAD + "Content-Length: 60000\r\n\r\n");
            Await.until("the slow are cut off", () -> crowd.taking("x") == 0);
        }
    }

    /** Each of them takes 330 KB when it is read: all would be more than the server has. */
    @Test
    @EnabledIfSystemProperty(named = "jeton.attack.scale", matches = "\\d+") // make attack-test
    void heads_of_tiny_fields_that_do_not_end_take_no_more_than_a_part_of_the_memory() throws Exception {
        try (Crowd crowd = crowd(4_000)) {
            crowd.send("GET /pem HTTP/1.1\r\n" + "a:\r\n".repeat(4_000));
            assertThat(victim.liveHeap()).isLessThan(500 * MEBIBYTE);
            healthy.awaitAnswers(5);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "jeton.attack.scale", matches = "\\d+") // make attack-test
    void bodies_that_do_not_end_take_no_more_than_a_part_of_the_memory() throws Exception {
        try (Crowd crowd = crowd(800)) {
            crowd.send("POST /api/v2/clients HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n"
                    + "x".repeat(1_040_000));
            assertThat(victim.liveHeap()).isLessThan(500 * MEBIBYTE);
            healthy.awaitAnswers(5);
        }
    }

    /** The kernel keeps some megabytes of answers for each; what is asked beyond that is not read. */
    @Test
    void who_asks_on_and_reads_nothing_is_held_up_and_then_cut_off() throws Exception {
        String requests = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(40_000);
        try (Crowd crowd = crowd(10 * Victim.SCALE)) {
            crowd.send(requests);
            assertThat(victim.liveHeap()).isLessThan(200 * MEBIBYTE);
            Await.until("who does not read is cut off", () -> crowd.taking("G") == 0);
        }
    }

    @Test
    void thousands_of_requests_in_one_piece_are_answered_in_their_order() throws Exception {
        int count = 5_000 * Victim.SCALE;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), victim.port())) {
            socket.setSoTimeout(20_000);
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < count; i++) {
                requests.append("GET ").append(i % 3 == 0 ? "/nothing" : "/pem").append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(socket, requests.toString()));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < count; i++) {
                assertThat(status(in)).as("answer %d", i).isEqualTo(i % 3 == 0 ? 404 : 200);
            }
            sending.join();
        }
    }

    /** The engine would keep all of a body that comes with an upgrade which it refuses. */
    @Test
    void an_upgrade_to_http_2_is_not_taken_up() throws Exception {
        String upgrade = String.join(
                "\r\n",
                "POST /pem HTTP/1.1",
                "Host: x",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: !",
                "Content-Length: 900000000",
                "",
                "");
        for (int i = 0; i < 3; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), victim.port())) {
                socket.setSoTimeout(20_000);
                send(socket, upgrade);
                assertThat(status(socket.getInputStream())).isEqualTo(405);
                for (int piece = 0; piece < 100; piece++) {
                    send(socket, "x".repeat(1 << 20));
                }
            }
        }
    }

    /** They take no memory: who then sends much is not told that there is none. */
    @Test
    void bodies_that_go_on_after_their_answer_keep_no_large_request_out() throws Exception {
        try (Crowd crowd = crowd(400);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            crowd.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + "x".repeat(40_000));
            healthy.awaitAnswers(10);
            assertThat(crowd.alive()).isEqualTo(400);

            HttpRequest large = HttpRequest.newBuilder(URI.create(victim.issuer() + "oauth/token"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("grant_type=" + "x".repeat(60_000)))
                    .build();
            assertThat(http.send(large, BodyHandlers.discarding()).statusCode()).isBetween(400, 403);
        }
    }

    /** Most of them are counted and not recorded one by one, and the throttle answers them. */
    @Test
    void unknown_clients_and_wrong_secrets_are_refused_and_right_ones_pass() throws Exception {
        Map<Integer, Integer> statuses = new TreeMap<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < 2_000 * Victim.SCALE; i++) {
                String body = "grant_type=client_credentials&client_secret=wrong&audience=x&client_id="
                        + (i % 2 == 0 ? "bootstrap" : "unknown-" + i);
                HttpRequest request = HttpRequest.newBuilder(URI.create(victim.issuer() + "oauth/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build();
                statuses.merge(http.send(request, BodyHandlers.discarding()).statusCode(), 1, Integer::sum);
            }
        }
        assertThat(statuses).containsOnlyKeys(401, 429);
    }

    @Test
    @EnabledIfSystemProperty(named = "jeton.attack.scale", matches = "\\d+") // make attack-test
    void a_server_without_a_file_to_open_goes_on_when_there_are_some() throws Exception {
        Await.until("connections of before are closed", () -> victim.server().openFiles() < 120);
        limitFiles(victim.server().openFiles() + 40);
        try (Crowd crowd = crowd(100)) {
            healthy.awaitAnswers(5);
            Await.until("who was let in is cut off", () -> crowd.alive() == 0);
        } finally {
            limitFiles(20_000);
        }
    }

    private static void limitFiles(int most) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder(
                        "prlimit", "--pid", Long.toString(victim.server().processId()), "--nofile=" + most + ":20000")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private static void send(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // cut off, which is what was asked for
        }
    }

    /** Reads one answer, and returns its status. */
    private static int status(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).substring(9, 12));
        int length = 0;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            if (field.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
                length = Integer.parseInt(field.substring(16));
            }
        }
        in.readNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the connection ended after '" + line + "'");
            }
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
