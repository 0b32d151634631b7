package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.Await;
import dev.jeton.RawHttp;
import dev.jeton.TestServer;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who sends octet by octet, or nothing, does not keep a connection. */
class SlowClientsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("JETON_HTTP_HEADER_TIMEOUT", "100ms", "JETON_HTTP_IDLE_TIMEOUT", "1s"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void isCutOffWhileSending(RawHttp connection) {
        Await.until("the server cuts the slow sender off", () -> {
            try {
                connection.send("x");
                return false;
            } catch (SocketException e) {
                return true;
            }
        });
    }

    @Test
    void a_head_that_comes_slowly_is_cut_off() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send("GET /pem HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            isCutOffWhileSending(connection);
        }
    }

    @Test
    void a_body_that_comes_slowly_is_cut_off() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.head("POST /oauth/token HTTP/1.1", "Host: x", "Content-Length: 60000"));
            isCutOffWhileSending(connection);
        }
    }

    @Test
    void a_connection_on_which_nothing_is_asked_is_closed() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_connection_that_idles_after_its_answer_is_closed() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.head("GET /pem HTTP/1.1", "Host: x"));
            assertThat(connection.read("GET").status()).isEqualTo(200);

            assertThat(connection.isClosedByServer()).isTrue();
        }
    }

    @Test
    void a_second_head_that_comes_slowly_is_cut_off() throws IOException {
        try (RawHttp connection = new RawHttp(server.port())) {
            connection.send(RawHttp.head("GET /pem HTTP/1.1", "Host: x"));
            assertThat(connection.read("GET").status()).isEqualTo(200);
            connection.send("GET /pem HTTP/1.1\r\nHost: x\r\nX-Slow: ");

            isCutOffWhileSending(connection);
        }
    }
}
