package dev.jeton.e2e.attack;

import static dev.jeton.e2e.attack.Http2Line.CONTINUATION;
import static dev.jeton.e2e.attack.Http2Line.DATA;
import static dev.jeton.e2e.attack.Http2Line.END_HEADERS;
import static dev.jeton.e2e.attack.Http2Line.END_STREAM;
import static dev.jeton.e2e.attack.Http2Line.HEADERS;
import static dev.jeton.e2e.attack.Http2Line.PING;
import static dev.jeton.e2e.attack.Http2Line.PRIORITY;
import static dev.jeton.e2e.attack.Http2Line.RST_STREAM;
import static dev.jeton.e2e.attack.Http2Line.SETTINGS;
import static dev.jeton.e2e.attack.Http2Line.WINDOW_UPDATE;
import static dev.jeton.e2e.attack.Http2Line.literal;
import static dev.jeton.e2e.attack.Http2Line.number;
import static dev.jeton.e2e.attack.Http2Line.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.Await;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a stranger can do over TLS and HTTP/2, while somebody else is served. */
@Timeout(600)
class Http2AttackTest {
    private static final byte[] GET = request("GET", "/pem");
    private static final long MEBIBYTE = 1 << 20;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @TempDir
    private static Path folder;

    private static Victim victim;
    private HealthyClient healthy;

    @BeforeAll
    static void start() throws Exception {
        victim = Victim.start(folder, "--tls", "self-signed");
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

    /** CVE-2023-44487. */
    @Test
    void rapid_reset() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            boolean taken = true;
            for (int i = 0; i < 20_000 * Victim.SCALE && taken; i++) {
                line.frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET);
                taken = line.frame(RST_STREAM, 0, 2 * i + 1, number(8));
            }
            line.flush();
            line.awaitEnd();
        }
    }

    /** CVE-2025-8671: each stream is one that the server must reset. */
    @Test
    void made_you_reset() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            boolean taken = true;
            for (int i = 0; i < 20_000 * Victim.SCALE && taken; i++) {
                line.frame(HEADERS, END_HEADERS, 2 * i + 1, request("POST", "/api/v2/clients"));
                taken = line.frame(WINDOW_UPDATE, 0, 2 * i + 1, number(0));
            }
            line.flush();
            line.awaitEnd();
        }
    }

    /** CVE-2024-27316. */
    @Test
    void continuation_flood() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(HEADERS, 0, 1, GET);
            boolean taken = true;
            for (int i = 0; i < 20_000 * Victim.SCALE && taken; i++) {
                taken = line.frame(CONTINUATION, 0, 1, literal("a", "b"));
            }
            line.flush();
            line.awaitEnd();
        }
    }

    @Test
    void continuations_that_say_nothing() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(HEADERS, 0, 1, GET);
            boolean taken = true;
            for (int i = 0; i < 20_000 * Victim.SCALE && taken; i++) {
                taken = line.frame(CONTINUATION, 0, 1);
            }
            line.flush();
            line.awaitEnd();
        }
    }

    @Test
    void a_head_that_never_ends() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(HEADERS, 0, 1, GET);
            line.flush();
            line.awaitEnd();
        }
    }

    /** One large field in the table, named hundreds of times in each head. */
    @Test
    void hpack_bomb() throws Exception {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(GET);
        first.write(0x40); // kept in the table
        first.writeBytes(new byte[] {1, 'a', 0x7f, (byte) 0x81, 0x1e}); // 1 octet, 4,000 octets
        first.writeBytes("x".repeat(127 + 0x81 - 128 + (0x1e << 7)).getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        next.writeBytes(GET);
        for (int i = 0; i < 10_000; i++) {
            next.write(0xbe); // the newest of the table
        }
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(HEADERS, END_HEADERS | END_STREAM, 1, first.toByteArray());
            boolean taken = true;
            for (int i = 1; i < 1_000 * Victim.SCALE && taken; i++) {
                taken = line.frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, next.toByteArray());
            }
            line.flush();
            line.awaitEnd();
        }
    }

    @Test
    void settings_flood() throws Exception {
        flood(SETTINGS, 0, new byte[] {0, 4, 0, 1, 0, 0});
    }

    @Test
    void ping_flood() throws Exception {
        flood(PING, 0, new byte[8]);
    }

    @Test
    void priority_flood() throws Exception {
        flood(PRIORITY, 1, new byte[] {0, 0, 0, 0, 16});
    }

    @Test
    void window_update_flood() throws Exception {
        flood(WINDOW_UPDATE, 0, number(1));
    }

    /** Such frames ask nothing: whoever sends nothing else is cut off in the time that one has for a first request. */
    private static void flood(int type, int stream, byte[] payload) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try (Http2Line line = new Http2Line(victim)) {
            boolean taken = true;
            while (taken) {
                assertThat(System.nanoTime()).as("it goes on taking them").isLessThan(deadline);
                taken = line.frame(type, 0, stream, payload);
            }
        }
    }

    @Test
    void a_window_larger_than_there_are() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(WINDOW_UPDATE, 0, 0, number(0x7fffffff));
            line.flush();
            line.awaitEnd();
        }
    }

    @Test
    void data_without_an_octet() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(HEADERS, END_HEADERS, 1, request("POST", "/oauth/token", "content-type", "application/json"));
            boolean taken = true;
            for (int i = 0; i < 20_000 * Victim.SCALE && taken; i++) {
                taken = line.frame(DATA, 0, 1);
            }
            line.flush();
            line.awaitEnd();
        }
    }

    /** Other requests on the connection do not give a body more time. */
    @Test
    @EnabledIfSystemProperty(named = "jeton.attack.scale", matches = "\\d+") // make attack-test
    void bodies_that_do_not_end_while_others_do() throws Exception {
        List<Http2Line> lines = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * Victim.SCALE; i++) {
                Http2Line line = new Http2Line(victim);
                lines.add(line);
                boolean taken = true;
                for (int stream = 1; stream < 180 && taken; stream += 2) {
                    line.frame(HEADERS, END_HEADERS, stream, request("POST", "/api/v2/clients"));
                    for (int piece = 0; piece < 60 && taken; piece++) {
                        taken = line.frame(DATA, 0, stream, new byte[16 << 10]);
                    }
                }
            }
            assertThat(victim.liveHeap()).isLessThan(500 * MEBIBYTE);
            int stream = 1001;
            for (Http2Line line : lines) {
                long deadline = System.nanoTime() + PATIENCE_NANOS;
                line.frame(HEADERS, END_HEADERS | END_STREAM, stream, GET);
                while (line.flush()) {
                    assertThat(System.nanoTime()).as("it goes on taking them").isLessThan(deadline);
                    stream += 2;
                    line.frame(HEADERS, END_HEADERS | END_STREAM, stream, GET);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } finally {
            for (Http2Line line : lines) {
                line.close();
            }
        }
    }

    /** The answers wait for a window; when all streams are taken, further ones are refused. */
    @Test
    void answers_that_are_never_read() throws Exception {
        try (Http2Line line = new Http2Line(victim)) {
            line.frame(SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            boolean taken = true;
            for (int i = 0; i < 5_000 * Victim.SCALE && taken; i++) {
                taken = line.frame(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, GET);
            }
            line.flush();
            line.awaitEnd();
        }
    }

    @Test
    void handshakes_that_do_not_end() throws Exception {
        try (Crowd crowd = new Crowd(victim.port(), 1_000 * Victim.SCALE)) {
            crowd.send("\u0016\u0003\u0001\u0001\u0000\u0001");
            healthy.awaitAnswers(20);
            Await.until("who does not go on is cut off", () -> crowd.alive() == 0);
        }
    }
}
