package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jeton.tokenclient.FakeTokenEndpoint.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that says no. */
class RefusalTest {
    private final FakeTokenEndpoint server = new FakeTokenEndpoint();
    private final SettableClock clock = new SettableClock();

    @AfterEach
    void stop() {
        server.close();
    }

    private TokenClient client() {
        return server.client().clock(clock).build();
    }

    private static TokenException.Refused refused(TokenClient client) {
        TokenException.Refused thrown = catchThrowableOfType(TokenException.Refused.class, client::token);
        assertThat(thrown).isNotNull();
        return thrown;
    }

    @Test
    void tells_what_the_server_answered() {
        server.answering(
                Reply.error(401, "access_denied", "Unauthorized").with("X-Auth0-RequestId", "bd4f455adf2d63203979"));

        TokenException.Refused thrown = refused(client());

        assertThat(thrown.status()).isEqualTo(401);
        assertThat(thrown.error()).isEqualTo(Optional.of("access_denied"));
        assertThat(thrown.errorDescription()).isEqualTo(Optional.of("Unauthorized"));
        assertThat(thrown.requestId()).isEqualTo(Optional.of("bd4f455adf2d63203979"));
        assertThat(thrown)
                .hasMessageContaining(server.issuer()
                        + " refused the-client a token for https://timesheets.example.com:"
                        + " 401 access_denied (Unauthorized), request bd4f455adf2d63203979.");
    }

    @ParameterizedTest
    @CsvSource({
        "401, access_denied,       Check the client id and its secret",
        "401, invalid_client,      'may send it in the body (client_secret_post)'",
        "403, access_denied,       jeton grants list --app the-client",
        "400, invalid_target,      jeton grants list --app the-client",
        "400, invalid_scope,       jeton grants list --app the-client",
        "403, unauthorized_client, grant type client_credentials",
        "400, invalid_request,     The log of the server has more",
        "404, not_found,           is the issuer of a Jeton server",
        "405, method_not_allowed,  is the issuer of a Jeton server"
    })
    void says_what_to_mend(int status, String error, String advice) {
        server.answering(Reply.error(status, error, "no"));

        assertThat(refused(client())).hasMessageContaining(advice);
    }

    @Test
    void names_the_other_way_to_send_the_secret_when_it_is_used() {
        server.answering(Reply.error(401, "access_denied", "Unauthorized"));
        TokenClient basic = server.client()
                .authentication(ClientAuthentication.CLIENT_SECRET_BASIC)
                .build();

        assertThat(refused(basic)).hasMessageContaining("may send it by HTTP Basic (client_secret_basic)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Forbidden</html>", "", "[]", "{}", "{\"error\":403}"})
    void takes_a_refusal_of_something_in_between_for_one(String body) {
        server.answering(Reply.of(403, body));

        TokenException.Refused thrown = refused(client());

        assertThat(thrown.error()).isEmpty();
        assertThat(thrown)
                .hasMessageContaining("403 without the JSON of a token endpoint")
                .hasMessageContaining("what proxy is in front of it");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 499})
    void asks_a_server_that_refused_only_once(int status) {
        server.answering(Reply.error(status, "access_denied", "no"));

        refused(client());

        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void remembers_a_refusal_for_some_seconds() {
        server.answering(Reply.error(401, "access_denied", "Unauthorized"));
        TokenClient client = client();
        TokenException.Refused first = refused(client);
        for (int call = 0; call < 1000; call++) {
            assertThat(refused(client)).hasMessage(first.getMessage()).isNotSameAs(first);
        }
        assertThat(server.count()).isEqualTo(1);

        server.answering(FakeTokenEndpoint::token);
        clock.advance(Duration.ofMillis(2500));

        assertThat(client.token().value()).isEqualTo("token-2");
    }

    @Test
    void asks_about_a_refusal_ever_less_often_but_once_a_minute() {
        server.answering(Reply.error(401, "access_denied", "Unauthorized"));
        TokenClient client = server.client().clock(clock).random(() -> -1L).build();
        Duration wait = Duration.ZERO;
        for (int round = 0; round < 8; round++) {
            Duration next = Duration.between(clock.instant(), refused(client).nextTry());
            assertThat(next).isGreaterThanOrEqualTo(wait);
            wait = next;
            clock.advance(wait);
        }

        assertThat(wait).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(60));
    }

    @Test
    void a_renewal_that_is_refused_leaves_the_old_token_in_use() {
        TokenClient client = client();
        client.token();
        server.answering(Reply.error(401, "access_denied", "Unauthorized"));
        clock.advance(Duration.ofSeconds(800));

        for (int call = 0; call < 1000; call++) {
            assertThat(client.token().value()).isEqualTo("token-1");
        }
        assertThat(server.count()).isLessThanOrEqualTo(2);

        clock.advance(Duration.ofSeconds(190));
        refused(client);
    }

    @Test
    void repeats_neither_the_secret_nor_a_line_break_of_the_answer() {
        server.answering(Reply.error(
                        401,
                        "bad\\u000aERROR",
                        "got " + FakeTokenEndpoint.SECRET + "\\u001b[31m\\u202e" + "x".repeat(9000))
                .with("X-Auth0-RequestId", FakeTokenEndpoint.SECRET));

        TokenException.Refused thrown = refused(client());

        assertThat(thrown.toString() + thrown.errorDescription() + thrown.requestId())
                .doesNotContain(FakeTokenEndpoint.SECRET)
                .doesNotContainPattern("\\p{Cntrl}|\u202e")
                .contains("got [secret]?[31m?xxx", "…")
                .hasSizeLessThan(1500);
    }

    @Test
    void hides_the_token_of_an_answer_that_is_a_refusal_all_the_same() {
        server.answering(
                new Reply(403, "{\"access_token\":\"precious\",\"error\":\"e\",\"token_type\":\"Bearer\"}", Map.of()));

        assertThat(refused(client())).hasMessageNotContaining("precious");
    }
}
