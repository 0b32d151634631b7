package dev.jeton.samples.timesheets.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.samples.timesheets.upload.FakeServers.Reply;
import dev.jeton.tokenclient.ClientSecret;
import dev.jeton.tokenclient.Token;
import dev.jeton.tokenclient.TokenClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting: for an API that answers slowly, and for a token. */
@Timeout(60)
class TimesheetsApiTest {
    private static final Entry ENTRY =
            new Entry(2, "ext-1", "007", "2026-11-20T09:00:00Z", "Lighthouse", BigDecimal.ONE);
    private static final Token TOKEN = new Token("token", Instant.EPOCH, Set.of());

    private Instant now = Instant.parse("2026-11-26T08:00:00Z");

    /** Sends a head, and then a space every 20 ms until the other side is gone. */
    private static void drip(ServerSocket server) {
        try (Socket connection = server.accept()) {
            OutputStream out = connection.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.setSoTimeout(20);
            int read = 0;
            while (read >= 0) {
                out.write(' ');
                try {
                    read = connection.getInputStream().read();
                } catch (SocketTimeoutException stillThere) {
                    // the next one
                }
            }
        } catch (IOException gone) {
            // as it should be
        }
    }

    @Test
    void gives_up_on_an_answer_that_drips() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread dripping = new Thread(() -> drip(server));
            dripping.start();
            TimesheetsApi api = new TimesheetsApi(
                    URI.create("http://127.0.0.1:" + server.getLocalPort()),
                    Duration.ofMillis(400),
                    InstantSource.system());

            assertThat(api.upload(ENTRY, TOKEN))
                    .isEqualTo(new ApiAnswer.NotNow("no answer within 400 ms", Duration.ZERO));
            dripping.join(); // the connection was broken off
        }
    }

    @Test
    void waits_for_a_token_until_the_server_can_again() throws Exception {
        try (FakeServers servers = new FakeServers()) {
            servers.insteadOfToken(number ->
                    number == 1 ? Optional.of(Reply.of(429, "").with("Retry-After", "60")) : Optional.empty());
            Settings settings = Settings.of(servers.environment());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
            Shell shell = new Shell(Map.of(), print, print, false, () -> now, () -> 0, new StopSignal(), pause -> {
                now = now.plus(pause);
                return false;
            });
            Summary summary = new Summary(1);
            try (TokenClient tokens = TokenClient.builder(
                            settings.issuer(), "c", ClientSecret.of("s"), settings.audience())
                    .clock(() -> now)
                    .build()) {
                TimesheetsApi api = new TimesheetsApi(settings.api(), Duration.ofSeconds(30), () -> now);
                new Upload(shell, settings, api, tokens, new Progress(print, false, () -> now), false)
                        .run(List.of(ENTRY), summary);
            }

            assertThat(summary.isComplete()).isTrue();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .startsWith("waiting 60")
                    .contains("it answered 429");
            assertThat(servers.tokenRequests()).isEqualTo(2);
        }
    }
}
