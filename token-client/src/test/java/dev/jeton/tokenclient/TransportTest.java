package dev.jeton.tokenclient;

import static dev.jeton.tokenclient.Eventually.eventually;
import static dev.jeton.tokenclient.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that break off, stall, drip or never end. */
@Timeout(60)
class TransportTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private static final String BODY = "{\"access_token\":\"token-1\",\"expires_in\":1000,\"token_type\":\"Bearer\"}";
    private static final Duration SHORT = Duration.ofMillis(400);

    private static TokenClient.Builder client(URI issuer) {
        return TokenClient.builder(issuer, "c", ClientSecret.of("s"), "urn:api").random(() -> 0);
    }

    private static TokenException.Unavailable unavailable(TokenClient client) {
        TokenException.Unavailable thrown = catchThrowableOfType(TokenException.Unavailable.class, client::token);
        assertThat(thrown).isNotNull();
        assertThat(thrown.status()).isEmpty();
        return thrown;
    }

    /** Writes one character after the other, with 20 ms between them, until the client is gone. */
    private static void drip(Socket connection, OutputStream out, String bytes) throws IOException {
        connection.setSoTimeout(20);
        for (int i = 0; ; i = (i + 1) % bytes.length()) {
            write(out, bytes.substring(i, i + 1));
            try {
                untilGone(connection);
            } catch (SocketTimeoutException stillThere) {
                // the next one
            }
        }
    }

    private static void untilGone(Socket connection) throws IOException {
        while (connection.getInputStream().read() >= 0) {
            // the rest of the request
        }
        throw new IOException("gone");
    }

    private static void givesUpInTime(RawServer server) {
        long start = System.nanoTime();
        TokenException.Unavailable thrown =
                unavailable(client(server.issuer()).timeout(SHORT).build());
        long millis = (System.nanoTime() - start) / 1_000_000;

        assertThat(thrown).hasMessageContaining("it did not answer within ");
        assertThat(millis).isBetween(SHORT.toMillis() - 50, 20_000L);
        eventually("the connection is broken off", () -> server.brokenOff() == 1);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void gives_up_on_a_body_that_drips() {
        try (RawServer server = new RawServer((connection, out) -> {
            write(out, HEAD + "Content-Length: 60000\r\n\r\n");
            drip(connection, out, " ");
        })) {
            givesUpInTime(server);
        }
    }

    @Test
    void gives_up_on_a_body_of_chunks_that_drips() {
        try (RawServer server = new RawServer((connection, out) -> {
            write(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            drip(connection, out, "1\r\n \r\n");
        })) {
            givesUpInTime(server);
        }
    }

    @Test
    void gives_up_on_a_head_that_drips() {
        try (RawServer server = new RawServer((connection, out) -> {
            write(out, HEAD);
            drip(connection, out, "X-A: b\r\n");
        })) {
            givesUpInTime(server);
        }
    }

    @Test
    void gives_up_on_a_server_that_says_nothing() {
        try (RawServer server = new RawServer((connection, out) -> untilGone(connection))) {
            givesUpInTime(server);
        }
    }

    @Test
    void gives_up_on_a_body_that_stops() {
        try (RawServer server = new RawServer((connection, out) -> {
            write(out, HEAD + "Content-Length: 100\r\n\r\n{\"access_token\":");
            untilGone(connection);
        })) {
            givesUpInTime(server);
        }
    }

    @Test
    void breaks_off_a_body_that_never_ends() {
        try (RawServer server = new RawServer((connection, out) -> {
            write(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(out, "1000\r\n" + " ".repeat(0x1000) + "\r\n");
            }
        })) {
            TokenException.InvalidAnswer thrown = catchThrowableOfType(
                    TokenException.InvalidAnswer.class, client(server.issuer()).build()::token);

            assertThat(thrown).hasMessageContaining("is empty or longer than 65536 bytes");
            eventually("the connection is broken off", () -> server.brokenOff() == 1);
        }
    }

    @Test
    void takes_a_failing_server_with_an_endless_page_for_one_that_fails() {
        try (RawServer server = new RawServer((connection, out) -> {
            write(out, "HTTP/1.1 503 Busy\r\nRetry-After: 300\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(out, "1000\r\n" + "x".repeat(0x1000) + "\r\n");
            }
        })) {
            TokenException.Unavailable thrown = catchThrowableOfType(
                    TokenException.Unavailable.class, client(server.issuer()).build()::token);

            assertThat(thrown.status()).hasValue(503);
        }
    }

    @Test
    void tries_again_when_the_connection_broke() {
        try (RawServer server = new RawServer(new RawServer.Behaviour() {
            private boolean second;

            @Override
            public synchronized void answer(Socket connection, OutputStream out) throws IOException {
                if (second) {
                    write(out, HEAD + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY);
                } else {
                    second = true;
                    write(out, HEAD + "Content-Length: 100\r\n\r\n{\"access_token\":");
                }
            }
        })) {
            assertThat(client(server.issuer()).build().token().value()).isEqualTo("token-1");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void says_that_the_connection_broke_when_every_try_ends_so() {
        try (RawServer server = new RawServer((connection, out) -> {})) {
            TokenException.Unavailable thrown =
                    unavailable(client(server.issuer()).build());

            assertThat(thrown).hasMessageContaining("the connection broke").hasCauseInstanceOf(IOException.class);
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void says_that_what_answers_does_not_speak_http() {
        try (RawServer server = new RawServer((connection, out) -> write(out, "220 smtp.example.com ESMTP\r\n"))) {
            assertThat(unavailable(client(server.issuer()).build()))
                    .hasMessageContaining("the connection broke")
                    .hasMessageNotContaining("smtp");
        }
    }

    @Test
    void says_that_nothing_listens() {
        URI gone;
        try (RawServer server = new RawServer((connection, out) -> {})) {
            gone = server.issuer();
        }

        assertThat(unavailable(client(gone).build())).hasMessageContaining("nothing accepts connections there");
    }

    @Test
    void says_that_there_is_no_such_host() {
        assertThat(unavailable(client(URI.create("https://auth.invalid/")).build()))
                .hasMessageContaining("No token from https://auth.invalid/: there is no host of that name");
    }

    @Test
    void closing_breaks_the_request_off() throws Exception {
        try (RawServer server = new RawServer((connection, out) -> untilGone(connection))) {
            TokenClient client = client(server.issuer()).build();
            Caller waiting = Caller.of(client);
            eventually("it is connected", () -> server.connections() == 1);

            client.close();

            eventually("the connection is broken off", () -> server.brokenOff() == 1);
            assertThat(waiting.outcome().failure()).isInstanceOf(IllegalStateException.class);
        }
    }
}
