package dev.jeton.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.jeton.client.ClientCredentials;
import dev.jeton.client.ClientSecret;
import dev.jeton.http.Request;
import dev.jeton.oauth.OAuthException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any octets behind {@code Authorization: Basic}. */
@Timeout(30)
class BasicHeaderFuzzTest {
    @MethodSource("pairs")
    @FuzzTest
    void reads_the_same_again_when_it_is_printed(byte[] octets) {
        // As they are, and as Base64 of them: the first finds what is no Base64, the second gets further.
        assertReadsBack("Basic " + new String(octets, UTF_8));
        assertReadsBack("basic  " + Base64.getEncoder().encodeToString(octets));
    }

    private static void assertReadsBack(String header) {
        credentials(header).ifPresent(read -> {
            assertThat(read.byAuthorizationHeader()).isTrue();
            ClientCredentials again = credentials(printed(read)).orElseThrow();
            assertThat(again.clientId()).isEqualTo(read.clientId());
            assertThat(text(again.secret())).isEqualTo(text(read.secret()));
        });
    }

    private static Optional<ClientCredentials> credentials(String header) {
        Map<String, List<String>> headers = Map.of("Authorization", List.of(header));
        Request request = new Request(
                "0123456789abcdef0123",
                "POST",
                TokenEndpoint.PATH,
                null,
                name -> headers.getOrDefault(name, List.of()),
                "127.0.0.1",
                new byte[0],
                Map.of());
        try {
            return Optional.of(TokenRequest.parse(request).credentials());
        } catch (OAuthException refused) {
            return Optional.empty();
        }
    }

    private static String printed(ClientCredentials credentials) {
        String id = URLEncoder.encode(Objects.requireNonNullElse(credentials.clientId(), ""), UTF_8);
        String secret = URLEncoder.encode(text(credentials.secret()), UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
    }

    private static String text(@Nullable ClientSecret secret) {
        return secret == null ? "" : secret.reveal();
    }

    static Stream<byte[]> pairs() {
        return Stream.of(
                        "",
                        ":",
                        "id:secret",
                        "a%3Ab:c+d",
                        "no colon",
                        "a:b:c",
                        "\u00e9:\ud83d\ude00",
                        "%c3%a9:%ff",
                        "%00:%0a",
                        "aWQ6c2VjcmV0",
                        "====")
                .map(pair -> pair.getBytes(UTF_8));
    }
}
