package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.tokenclient.FakeTokenEndpoint.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent. */
class TokenRequestTest {
    private final FakeTokenEndpoint server = new FakeTokenEndpoint();

    @AfterEach
    void stop() {
        server.close();
    }

    private Request sentBy(TokenClient client) {
        client.authorization();
        return server.requests().get(server.count() - 1);
    }

    @Test
    void is_a_form_with_the_secret_in_it() {
        Request request = sentBy(server.client().build());

        assertThat(request.method() + " " + request.path()).isEqualTo("POST /oauth/token");
        assertThat(request.body())
                .isEqualTo("grant_type=client_credentials&audience=https%3A%2F%2Ftimesheets.example.com"
                        + "&client_id=the-client&client_secret=the%2Fsecret+of%2Bthe%3Aclient");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(request.headers().getFirst("Accept")).isEqualTo("application/json");
        assertThat(request.headers().containsKey("Authorization")).isFalse();
    }

    @Test
    void names_the_scope_if_it_is_set() {
        Request request =
                sentBy(server.client().scope("batch:upload read:timesheets").build());

        assertThat(request.body()).contains("&scope=batch%3Aupload+read%3Atimesheets&");
    }

    @Test
    void carries_id_and_secret_form_encoded_by_http_basic() {
        Request request = sentBy(server.client()
                .authentication(ClientAuthentication.CLIENT_SECRET_BASIC)
                .build());

        assertThat(request.headers().getFirst("Authorization"))
                .isEqualTo("Basic "
                        + Base64.getEncoder()
                                .encodeToString("the-client:the%2Fsecret+of%2Bthe%3Aclient"
                                        .getBytes(StandardCharsets.US_ASCII)));
        assertThat(request.body()).doesNotContain("client_id").doesNotContain("client_secret");
    }

    @Test
    void encodes_letters_of_every_script() {
        Request request = sentBy(TokenClient.builder(server.issuer(), "ключ", ClientSecret.of("é😀"), "urn:api")
                .authentication(ClientAuthentication.CLIENT_SECRET_BASIC)
                .build());

        String basic =
                String.valueOf(request.headers().getFirst("Authorization")).substring(6);
        assertThat(new String(Base64.getDecoder().decode(basic), StandardCharsets.US_ASCII))
                .isEqualTo("%D0%BA%D0%BB%D1%8E%D1%87:%C3%A9%F0%9F%98%80");
    }
}
