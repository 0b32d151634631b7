package dev.jeton.tokenclient;

import static dev.jeton.tokenclient.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The HTTP client underneath, and its threads. */
class HttpClientTest {
    private final FakeTokenEndpoint server = new FakeTokenEndpoint();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-")
                        || thread.getName().startsWith("jeton-token-client"))
                .collect(Collectors.toSet());
    }

    @Test
    void has_two_threads_at_most_which_do_not_keep_the_program_running() {
        Set<Thread> before = clientThreads();
        SettableClock clock = new SettableClock();
        TokenClient client = server.client().clock(clock).build();
        for (int day = 0; day < 50; day++) {
            client.token();
            clock.advance(Duration.ofDays(1));
        }

        Set<Thread> started = clientThreads();
        started.removeAll(before);

        assertThat(server.count()).isEqualTo(50);
        assertThat(started).hasSizeLessThanOrEqualTo(2).allMatch(Thread::isDaemon);
    }

    @Test
    void starts_no_thread_before_a_token_is_asked_for() {
        Set<Thread> before = clientThreads();

        try (TokenClient client = server.client().build()) {
            Set<Thread> after = clientThreads();
            after.removeAll(before);
            assertThat(client).isNotNull();
            assertThat(after).noneMatch(thread -> thread.getName().startsWith("jeton-token-client"));
        }
    }

    @Test
    void can_be_shared_by_clients_for_several_apis() {
        HttpClient shared = HttpClient.newHttpClient();
        TokenClient one = server.client().httpClient(shared).build();
        TokenClient other = TokenClient.builder(server.issuer(), "c", ClientSecret.of("s"), "urn:other")
                .httpClient(shared)
                .build();

        assertThat(one.token().value()).isEqualTo("token-1");
        one.close();
        assertThat(other.token().value()).isEqualTo("token-2");
        eventually("both have come", () -> server.count() == 2);
    }
}
