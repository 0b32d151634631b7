package dev.jeton.tokenclient;

import static dev.jeton.tokenclient.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jeton.tokenclient.FakeTokenEndpoint.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that cannot for a while, or cannot be reached. */
class OutageTest {
    private static final Reply BUSY = Reply.error(503, "temporarily_unavailable", "The server cannot issue tokens now");

    /** The largest number a generator can draw: a factor of nearly 1. */
    private static final long MOST = -1L;

    private final FakeTokenEndpoint server = new FakeTokenEndpoint();
    private final SettableClock clock = new SettableClock();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        server.close();
    }

    /** Its pauses take no time but the clock's; they are the longest that chance may bring. */
    private TokenClient client() {
        return server.client()
                .clock(clock)
                .random(() -> MOST)
                .pauses((pause, next) -> {
                    pauses.add(pause);
                    clock.advance(pause);
                    next.run();
                })
                .build();
    }

    private static TokenException.Unavailable unavailable(TokenClient client) {
        TokenException.Unavailable thrown = catchThrowableOfType(TokenException.Unavailable.class, client::token);
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static Duration rounded(Duration pause) {
        return Duration.ofMillis(Math.round(pause.toNanos() / 1e6));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void tries_again_after_an_answer_that_says_not_now(int status) {
        server.answering(number -> number == 1 ? Reply.of(status, "") : FakeTokenEndpoint.token(number));

        assertThat(client().token().value()).isEqualTo("token-2");
    }

    @Test
    void gives_up_after_three_tries_with_growing_pauses() {
        server.answering(BUSY);

        TokenException.Unavailable thrown = unavailable(client());

        assertThat(thrown.status()).isEqualTo(OptionalInt.of(503));
        assertThat(thrown).hasMessageContaining("503 temporarily_unavailable (The server cannot issue tokens now)");
        assertThat(pauses.stream().map(OutageTest::rounded))
                .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void a_pause_may_be_as_short_as_nothing_so_that_clients_do_not_come_back_together() {
        server.answering(number -> number == 1 ? BUSY : FakeTokenEndpoint.token(number));
        TokenClient lucky = server.client()
                .clock(clock)
                .pauses((pause, next) -> {
                    pauses.add(pause);
                    next.run();
                })
                .build();

        lucky.token();

        assertThat(pauses).containsExactly(Duration.ZERO);
    }

    @Test
    void makes_no_request_while_it_backs_off_however_many_ask() {
        server.answering(BUSY);
        TokenClient client = client();
        TokenException.Unavailable first = unavailable(client);

        for (int call = 0; call < 1000; call++) {
            assertThat(unavailable(client).nextTry()).isEqualTo(first.nextTry());
        }
        assertThat(first.nextTry()).isAfter(clock.instant());
        assertThat(first).hasMessageContaining("No request is made before " + first.nextTry());
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void asks_again_once_the_time_of_the_next_try_has_come() {
        server.answering(BUSY);
        TokenClient client = client();
        Instant nextTry = unavailable(client).nextTry();
        Duration wait = Duration.between(clock.instant(), nextTry);
        server.answering(FakeTokenEndpoint::token);

        clock.advance(wait.minusNanos(1));
        unavailable(client);
        clock.advance(Duration.ofNanos(1));

        assertThat(client.token().value()).isEqualTo("token-4");
    }

    @Test
    void a_long_outage_ends_in_one_request_every_thirty_seconds() {
        server.answering(BUSY);
        TokenClient client = client();
        Instant last = clock.instant();
        Duration wait = Duration.ZERO;
        for (int round = 0; round < 12; round++) {
            last = unavailable(client).nextTry();
            wait = Duration.between(clock.instant(), last);
            clock.advance(wait);
        }
        int before = server.count();
        unavailable(client);

        assertThat(server.count()).isEqualTo(before + 1);
        assertThat(rounded(wait)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void starts_with_short_pauses_again_after_a_success() {
        server.answering(number -> number < 3 || number == 4 ? BUSY : FakeTokenEndpoint.token(number));
        TokenClient client = client();
        client.token();
        clock.advance(Duration.ofSeconds(1000));
        pauses.clear();

        assertThat(client.token().value()).isEqualTo("token-5");
        assertThat(pauses.stream().map(OutageTest::rounded)).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void waits_as_long_as_the_server_asks_for() {
        server.answering(number -> number == 1 ? BUSY.with("Retry-After", "3") : FakeTokenEndpoint.token(number));

        client().token();

        assertThat(pauses.stream().map(OutageTest::rounded)).containsExactly(Duration.ofMillis(3500));
    }

    @Test
    void does_not_hold_a_caller_up_for_a_wait_that_is_longer_than_its_timeout() {
        server.answering(Reply.error(429, "too_many_requests", "Global limit has been reached")
                .with("Retry-After", "60"));
        TokenClient client = client();

        TokenException.Unavailable thrown = unavailable(client);

        assertThat(pauses).isEmpty();
        assertThat(thrown.nextTry()).isAfter(SettableClock.START.plusSeconds(60));
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void takes_a_date_to_wait_until() {
        server.answering(BUSY.with("Retry-After", "Thu, 26 Nov 2026 08:02:00 GMT"));

        assertThat(unavailable(client()).nextTry())
                .isBetween(SettableClock.START.plusSeconds(120), SettableClock.START.plusSeconds(121));
    }

    @Test
    void does_not_let_a_server_stop_it_for_days() {
        server.answering(BUSY.with("Retry-After", "864000"));

        assertThat(unavailable(client()).nextTry())
                .isBetween(SettableClock.START.plusSeconds(300), SettableClock.START.plusSeconds(301));
    }

    @Test
    void hands_out_the_old_token_and_makes_no_request_while_renewals_back_off() {
        TokenClient client = client();
        client.token();
        server.answering(BUSY.with("Retry-After", "60"));
        clock.advance(Duration.ofMinutes(15));
        client.token();
        eventually("the renewal has been refused", () -> server.count() == 2);

        for (int call = 0; call < 1000; call++) {
            assertThat(client.token().value()).isEqualTo("token-1");
        }

        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void renews_after_all_once_the_server_can_again() {
        server.answering(Reply.of(200, """
                {"access_token":"old","expires_in":1000000,"token_type":"Bearer"}"""));
        TokenClient client = client();
        client.token();
        server.answering(number -> number < 5 ? BUSY : FakeTokenEndpoint.token(number));
        clock.advance(Duration.ofSeconds(900_001));

        eventually("there is a new token", () -> {
            String value = client.token().value();
            clock.advance(Duration.ofMillis(1)); // the old one serves for a day yet
            return value.startsWith("token-");
        });
    }

    @Test
    void a_token_that_was_discarded_does_not_break_the_back_off() {
        TokenClient client = client();
        Token token = client.token();
        server.answering(BUSY.with("Retry-After", "60"));
        clock.advance(Duration.ofMinutes(15));
        client.token();
        eventually("the renewal has been refused", () -> server.count() == 2);
        client.discard(token);

        assertThatThrownBy(client::token).isInstanceOf(TokenException.Unavailable.class);
        assertThatThrownBy(client::token).isInstanceOf(TokenException.Unavailable.class);
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void closing_during_a_pause_ends_it() throws Exception {
        server.answering(BUSY);
        List<Runnable> held = new CopyOnWriteArrayList<>();
        TokenClient client = server.client()
                .clock(clock)
                .pauses((pause, next) -> held.add(next))
                .build();
        Caller waiting = Caller.of(client);
        eventually("it pauses", () -> held.size() == 1);

        client.close();
        held.get(0).run();

        assertThat(waiting.outcome().failure()).isInstanceOf(IllegalStateException.class);
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void really_pauses_before_it_tries_again() {
        server.answering(number -> number < 3 ? BUSY : FakeTokenEndpoint.token(number));

        assertThat(server.client().random(() -> MOST / 8).build().token().value())
                .isEqualTo("token-3");
    }
}
