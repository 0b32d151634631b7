package dev.jeton.tokenclient;

import static dev.jeton.tokenclient.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.tokenclient.FakeTokenEndpoint.Reply;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a token is kept, renewed and given up. */
class TokenClientTest {
    private final FakeTokenEndpoint server = new FakeTokenEndpoint();
    private final SettableClock clock = new SettableClock();

    @AfterEach
    void stop() {
        server.close();
    }

    private TokenClient client() {
        return server.client().clock(clock).build();
    }

    @Test
    void gives_the_token_for_the_header_of_a_call() {
        assertThat(client().authorization()).isEqualTo("Bearer token-1");
    }

    @Test
    void tells_when_the_token_expires_and_what_it_is_for() {
        server.answering(Reply.of(200, """
                {"access_token":"t","scope":"batch:upload read:timesheets","expires_in":86400,"token_type":"Bearer"}"""));

        Token token = client().token();

        assertThat(token.expiresAt()).isEqualTo(SettableClock.START.plus(Duration.ofDays(1)));
        assertThat(token.scope()).isEqualTo(Set.of("batch:upload", "read:timesheets"));
    }

    @Test
    void makes_no_request_before_a_token_is_asked_for() {
        client();

        assertThat(server.count()).isZero();
    }

    @Test
    void keeps_the_token_until_its_renewal_is_due() {
        TokenClient client = client();
        client.token();
        clock.advance(Duration.ofMillis(749_999));

        assertThat(client.token().value()).isEqualTo("token-1");
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void renews_in_the_background_and_hands_out_the_old_token_meanwhile() {
        Gate gate = new Gate();
        TokenClient client = client();
        client.token();
        server.answering(number -> {
            gate.pass();
            return FakeTokenEndpoint.token(number);
        });
        clock.advance(Duration.ofSeconds(750));

        assertThat(client.token().value()).isEqualTo("token-1");
        eventually("the second request has come", () -> server.count() == 2);
        assertThat(client.token().value()).isEqualTo("token-1");
        gate.open();
        eventually("the new token is there", () -> client.token().value().equals("token-2"));
        assertThat(server.count()).isEqualTo(2);
    }

    @Test
    void renews_at_a_random_moment_between_75_and_90_percent_of_the_lifetime() {
        TokenClient latest = server.client().clock(clock).random(() -> -1L).build();
        latest.token();

        clock.advance(Duration.ofSeconds(899));
        assertThat(latest.token().value()).isEqualTo("token-1");
        assertThat(server.count()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        assertThat(latest.token().value()).isEqualTo("token-1");
        eventually("it is renewed", () -> latest.token().value().equals("token-2"));
    }

    @Test
    void hands_out_no_token_that_is_about_to_expire() {
        TokenClient client = client();
        client.token();
        clock.advance(Duration.ofSeconds(990));

        assertThat(client.token().value()).isEqualTo("token-2");
    }

    @Test
    void hands_out_a_token_until_ten_seconds_before_it_expires_while_renewals_fail() {
        TokenClient client = client();
        client.token();
        server.answering(Reply.error(503, "temporarily_unavailable", "later"));
        clock.advance(Duration.ofSeconds(989));
        assertThat(client.token().value()).isEqualTo("token-1");
        eventually("the renewal has been tried", () -> server.count() > 1);

        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(client::token).isInstanceOf(TokenException.Unavailable.class);
    }

    @Test
    void uses_a_token_that_lives_for_a_second_for_nine_tenths_of_it() {
        server.answering(number -> Reply.of(200, """
                {"access_token":"token-%d","expires_in":1,"token_type":"Bearer"}""".formatted(number)));
        TokenClient client = client();
        client.token();
        clock.advance(Duration.ofMillis(700));

        assertThat(client.token().value()).isEqualTo("token-1");
        assertThat(server.count()).isEqualTo(1);

        clock.advance(Duration.ofMillis(200));
        assertThat(client.token().value()).isEqualTo("token-2");
    }

    @Test
    void counts_the_lifetime_from_the_start_of_the_request() {
        server.answering(number -> {
            clock.advance(Duration.ofSeconds(30));
            return FakeTokenEndpoint.token(number);
        });

        assertThat(client().token().expiresAt()).isEqualTo(SettableClock.START.plusSeconds(1000));
    }

    @Test
    void does_not_hand_out_a_token_that_expired_on_its_way() {
        server.answering(number -> {
            clock.advance(Duration.ofSeconds(2));
            return Reply.of(200, "{\"access_token\":\"t\",\"expires_in\":2,\"token_type\":\"Bearer\"}");
        });

        assertThatThrownBy(client()::token)
                .isInstanceOf(TokenException.Unavailable.class)
                .hasMessageContaining("expired already");
    }

    @Test
    void takes_a_token_without_expires_in_for_one_minute() {
        server.answering(Reply.of(200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}"));

        assertThat(client().token().expiresAt()).isEqualTo(SettableClock.START.plusSeconds(60));
    }

    @Test
    void fetches_anew_once_the_api_refused_the_token() {
        TokenClient client = client();
        client.discard(client.token());

        assertThat(client.token().value()).isEqualTo("token-2");
        assertThat(client.token().value()).isEqualTo("token-2");
    }

    @Test
    void a_token_that_is_no_longer_in_use_discards_nothing() {
        TokenClient client = client();
        Token old = client.token();
        client.discard(old);
        client.token();
        clock.advance(Duration.ofMinutes(1));

        client.discard(old);

        assertThat(client.token().value()).isEqualTo("token-2");
    }

    @Test
    void an_api_that_refuses_every_token_costs_one_request_in_30_seconds() {
        TokenClient client = client();
        for (int call = 0; call < 1000; call++) {
            client.discard(client.token());
        }
        assertThat(server.count()).isEqualTo(2);

        clock.advance(Duration.ofSeconds(30));
        for (int call = 0; call < 1000; call++) {
            client.discard(client.token());
        }
        assertThat(server.count()).isEqualTo(3);
    }

    @Test
    void a_token_that_the_server_gives_again_is_not_discarded_twice() {
        server.answering(FakeTokenEndpoint.token(1));
        TokenClient client = client();
        client.discard(client.token());
        client.discard(client.token());
        clock.advance(Duration.ofMinutes(1));
        client.discard(client.token());

        client.token();

        assertThat(server.count()).isEqualTo(2);
    }
}
