package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator may configure. */
class BuilderTest {
    private static final ClientSecret SECRET = ClientSecret.of("correct horse");

    private static TokenClient.Builder client(String issuer) {
        return TokenClient.builder(URI.create(issuer), "c", SECRET, "urn:api");
    }

    @ParameterizedTest
    @CsvSource({
        "https://auth.example.com/, https://auth.example.com/oauth/token",
        "https://auth.example.com, https://auth.example.com/oauth/token",
        "HTTPS://auth.example.com:8443/base/, HTTPS://auth.example.com:8443/base/oauth/token",
        "https://auth.example.com/base, https://auth.example.com/base/oauth/token",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080/oauth/token",
        "http://127.1.2.3, http://127.1.2.3/oauth/token",
        "http://[::1]:8080/, http://[::1]:8080/oauth/token",
        "http://LOCALHOST:8080/, http://LOCALHOST:8080/oauth/token"
    })
    void finds_the_token_endpoint_below_the_issuer(URI issuer, URI endpoint) {
        assertThat(IssuerAddress.of(issuer, false).tokenEndpoint()).isEqualTo(endpoint);
        assertThatCode(() -> client(issuer.toString()).build()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "auth.example.com",
                "//auth.example.com/",
                "ftp://auth.example.com/",
                "https:auth.example.com",
                "https:///",
                "file:///etc/passwd",
                "https://c:precious@auth.example.com/",
                "https://auth.example.com/?precious",
                "https://auth.example.com/#precious"
            })
    void refuses_what_is_no_issuer_without_repeating_it(String issuer) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client(issuer).build())
                .withMessageContaining("https://host[:port]/")
                .withMessageNotContaining("precious");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://auth.example.com/",
                "http://127.0.0.1.example.com/",
                "http://localhost.example.com/",
                "http://10.0.0.1/",
                "http://0.0.0.0/",
                "http://[::2]/"
            })
    void refuses_to_send_a_secret_in_the_clear_unless_told_to(String issuer) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client(issuer).build())
                .withMessageContaining("anybody on the way could read the client secret")
                .withMessageContaining("allowPlainHttp()");

        assertThatCode(() -> client(issuer).allowPlainHttp().build()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "urn:api\n", " urn:api", "urn:api ", "urn:\u0000api"})
    void refuses_an_id_or_audience_with_something_around_it(String value) {
        URI issuer = URI.create("https://auth.example.com/");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenClient.builder(issuer, value, SECRET, "urn:api"))
                .withMessageStartingWith("the client id is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenClient.builder(issuer, "c", SECRET, value))
                .withMessageStartingWith("the audience is blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a  b", " a", "a ", "a\tb", "a,\"b\"", "é"})
    void refuses_a_scope_that_is_not_values_separated_by_spaces(String scope) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("https://auth.example.com/").scope(scope));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT5M0.1S"})
    void refuses_a_timeout_that_is_none(Duration timeout) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client("https://auth.example.com/").timeout(timeout));
    }

    @Test
    void refuses_an_http_client_that_follows_redirects() {
        for (HttpClient.Redirect redirect : Set.of(HttpClient.Redirect.NORMAL, HttpClient.Redirect.ALWAYS)) {
            HttpClient follower =
                    HttpClient.newBuilder().followRedirects(redirect).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client("https://auth.example.com/").httpClient(follower))
                    .withMessageContaining("must not follow redirects");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "precious\n", "precious\r\n", "pre\u0000cious", "\tprecious"})
    void refuses_a_secret_that_was_read_with_its_line_end(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientSecret.of(secret))
                .withMessageNotContaining("precious");
        assertThatIllegalArgumentException().isThrownBy(() -> ClientSecret.of(secret.toCharArray()));
    }

    @Test
    void copies_a_secret_in_an_array() {
        char[] secret = {'a', 'b'};
        ClientSecret copied = ClientSecret.of(secret);
        secret[0] = 'x';

        assertThat(copied.reveal()).isEqualTo("ab");
    }

    @Test
    void shows_neither_secret_nor_token() {
        Token token = new Token("precious", Instant.parse("2026-11-26T08:00:00Z"), Set.of("a"));

        assertThat(SECRET).hasToString("[secret]");
        assertThat(token).hasToString("Token[expiresAt=2026-11-26T08:00:00Z]");
        assertThat(new KeptToken(token, Instant.EPOCH, Instant.EPOCH).toString())
                .doesNotContain("precious");
        assertThat(new TokenAnswer.Granted(token, Instant.EPOCH).toString()).doesNotContain("precious");
    }

    @Test
    void a_token_cannot_be_made_of_what_a_header_may_not_hold() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Token("precious\r\nX-Admin: 1", Instant.EPOCH, Set.of()))
                .withMessageNotContaining("precious");
    }
}
