package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.jeton.tokenclient.FakeTokenEndpoint.Reply;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not what RFC 6749 §5.1 lays down, or only just. */
class AnswerTest {
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl";

    private final FakeTokenEndpoint server = new FakeTokenEndpoint();
    private final SettableClock clock = new SettableClock();

    @AfterEach
    void stop() {
        server.close();
    }

    private TokenClient client() {
        return server.client().clock(clock).build();
    }

    private TokenException.InvalidAnswer invalid(Reply reply) {
        server.answering(reply);
        TokenException.InvalidAnswer thrown = catchThrowableOfType(TokenException.InvalidAnswer.class, client()::token);
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static String answer(String type, String token, String rest) {
        return "{\"token_type\":" + type + ",\"access_token\":" + token + rest + "}";
    }

    private static String answerWith(String rest) {
        return answer("\"Bearer\"", "\"" + TOKEN + "\"", rest);
    }

    @ParameterizedTest
    @MethodSource("useless_answers")
    void refuses_an_answer_that_is_none_and_quotes_nothing_of_it(String body, String reason) {
        TokenException.InvalidAnswer thrown = invalid(Reply.of(200, body).with("X-Auth0-RequestId", "bd4f"));

        assertThat(thrown.status()).isEqualTo(200);
        assertThat(thrown.requestId()).hasValue("bd4f");
        assertThat(thrown)
                .hasMessageStartingWith("The answer of " + server.issuer() + " (200, request bd4f) " + reason)
                .hasMessageContaining("Check that it is the issuer of a Jeton server")
                .hasMessageNotContaining("eyJhbGciOiJSUzI1NiJ9")
                .hasMessageNotContaining("precious");
        assertThat(server.count()).isEqualTo(1);
    }

    static Stream<Arguments> useless_answers() {
        String notJson = "is not one JSON object";
        String noToken = "has no access_token, or one that cannot stand in a header";
        String expiresIn = "has an expires_in that is not between 1 and 2147483647";
        return Stream.of(
                argumentSet("nothing", "", "is empty or longer than 65536 bytes"),
                argumentSet("a page", "<html>precious</html>", notJson),
                argumentSet("a list", "[" + answerWith("") + "]", notJson),
                argumentSet("a string", "\"precious\"", notJson),
                argumentSet("a byte order mark", "\ufeff" + answerWith(""), notJson),
                argumentSet("cut off", answerWith("").substring(0, 60), notJson),
                argumentSet("text after it", answerWith("") + "x", notJson),
                argumentSet("two answers", answerWith("") + answerWith(""), notJson),
                argumentSet("a comma too many", answerWith(","), notJson),
                argumentSet("a name without quotes", answerWith(",a:1"), notJson),
                argumentSet("a comment", answerWith("/**/"), notJson),
                argumentSet("a member twice", answerWith(",\"token_type\":\"Bearer\""), "has a member name twice"),
                argumentSet(
                        "a member twice in another", answerWith(",\"a\":{\"b\":1,\"b\":1}"), "has a member name twice"),
                argumentSet("nested too deeply", answerWith(",\"a\":" + "[".repeat(60_000)), "is nested too deeply"),
                argumentSet("no token_type", "{\"access_token\":\"" + TOKEN + "\"}", "has no token_type Bearer"),
                argumentSet("another type", answer("\"DPoP\"", "\"precious\"", ""), "has no token_type Bearer"),
                argumentSet("nearly Bearer", answer("\"Bearer \"", "\"precious\"", ""), "has no token_type Bearer"),
                argumentSet(
                        "a type that is a number",
                        answer("1", "\"precious\"", ""),
                        "has a member token_type that is not a string"),
                argumentSet("no token", "{\"token_type\":\"Bearer\"}", noToken),
                argumentSet("null for a token", answer("\"Bearer\"", "null", ""), noToken),
                argumentSet(
                        "a number for a token",
                        answer("\"Bearer\"", "17", ""),
                        "has a member access_token that is not a string"),
                argumentSet(
                        "an object for a token",
                        answer("\"Bearer\"", "{\"value\":\"precious\"}", ""),
                        "has a member access_token that is not a string"),
                argumentSet("an empty token", answer("\"Bearer\"", "\"\"", ""), noToken),
                argumentSet("a token of padding", answer("\"Bearer\"", "\"==\"", ""), noToken),
                argumentSet("padding inside", answer("\"Bearer\"", "\"precious=precious\"", ""), noToken),
                argumentSet("a space", answer("\"Bearer\"", "\"precious precious\"", ""), noToken),
                argumentSet("a header of its own", answer("\"Bearer\"", "\"precious\\r\\nX-Admin: 1\"", ""), noToken),
                argumentSet("a line end after it", answer("\"Bearer\"", "\"precious\\n\"", ""), noToken),
                argumentSet("another script", answer("\"Bearer\"", "\"preciousа\"", ""), noToken),
                argumentSet("a NUL", answer("\"Bearer\"", "\"precious\\u0000\"", ""), noToken),
                argumentSet("expired at once", answerWith(",\"expires_in\":0"), expiresIn),
                argumentSet("expired before", answerWith(",\"expires_in\":-1"), expiresIn),
                argumentSet("for ever", answerWith(",\"expires_in\":2147483648"), expiresIn),
                argumentSet(
                        "for longer than that",
                        answerWith(",\"expires_in\":9999999999999999999"),
                        "has a member expires_in that is not a whole number in range"),
                argumentSet(
                        "half a second",
                        answerWith(",\"expires_in\":0.5"),
                        "has a member expires_in that is not a whole number in range"),
                argumentSet(
                        "an exponent",
                        answerWith(",\"expires_in\":1e999999999"),
                        "has a member expires_in that is not a whole number in range"),
                argumentSet(
                        "a string of digits",
                        answerWith(",\"expires_in\":\"3600\""),
                        "has a member expires_in that is not a whole number in range"),
                argumentSet("a leading zero", answerWith(",\"expires_in\":07"), notJson),
                argumentSet(
                        "scopes in a list",
                        answerWith(",\"scope\":[\"a\"]"),
                        "has a member scope that is not a string"),
                argumentSet("scopes with a gap", answerWith(",\"scope\":\"a  b\""), "has a scope that is not values"),
                argumentSet(
                        "a scope with a quote", answerWith(",\"scope\":\"a\\\"\""), "has a scope that is not values"));
    }

    @Test
    void refuses_an_answer_that_is_not_utf_8() {
        assertThat(JsonObjectTest.problem(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
                .isEqualTo("is not text in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 204, 206, 304, 600, 999})
    void refuses_a_status_that_a_token_endpoint_does_not_have(int status) {
        assertThat(invalid(Reply.of(status, status == 204 || status == 304 ? "" : answerWith(""))))
                .hasMessageContaining("(" + status + ") is");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void follows_no_redirect(int status) {
        try (FakeTokenEndpoint elsewhere = new FakeTokenEndpoint()) {
            TokenException.InvalidAnswer thrown =
                    invalid(Reply.of(status, "").with("Location", elsewhere.issuer() + "oauth/token"));

            assertThat(thrown).hasMessageContaining("is a redirect, which is not followed");
            assertThat(elsewhere.count()).isZero();
        }
    }

    @Test
    void an_answer_that_is_none_is_remembered_for_some_seconds() {
        TokenException.InvalidAnswer unused = invalid(Reply.of(200, "<html>"));
        TokenClient client = client();
        for (int call = 0; call < 1000; call++) {
            assertThat(catchThrowableOfType(TokenException.InvalidAnswer.class, client::token))
                    .isNotNull();
        }
        assertThat(server.count()).isEqualTo(2);

        server.answering(FakeTokenEndpoint::token);
        clock.advance(Duration.ofMillis(2500));
        assertThat(client.token().value()).isEqualTo("token-3");
        assertThat(unused.nextTry()).isAfter(SettableClock.START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer", "BEARER", "Bearer"})
    void takes_the_type_in_any_case(String type) {
        server.answering(Reply.of(200, answer("\"" + type + "\"", "\"" + TOKEN + "\"", "")));

        assertThat(client().authorization()).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void takes_every_character_of_a_b64token() {
        String value = "ABCxyz019-._~+/==";
        server.answering(Reply.of(200, answer("\"Bearer\"", "\"" + value.replace("/", "\\/") + "\"", "")));

        assertThat(client().token().value()).isEqualTo(value);
    }

    @Test
    void passes_over_members_that_it_does_not_know() {
        server.answering(Reply.of(200, answerWith("""
                ,"expires_in":3600,"refresh_token":null,"x":[1,-2.5E+3,{"y":[]},true,false],"z":{"access_token":"no"}""")));

        assertThat(client().token().value()).isEqualTo(TOKEN);
    }

    @Test
    void takes_a_scope_of_thousands_of_values() {
        String scope = "a ".repeat(20_000) + "b";
        server.answering(Reply.of(200, answerWith(",\"scope\":\"" + scope + "\"")));

        assertThat(client().token().scope()).containsExactly("a", "b");
    }

    @Test
    void takes_a_token_as_long_as_an_answer_may_be() {
        String value = "a".repeat(BoundedBody.MAX_BYTES - 50);
        server.answering(Reply.of(200, answer("\"Bearer\"", "\"" + value + "\"", "")));

        assertThat(client().token().value()).isEqualTo(value);
    }
}
