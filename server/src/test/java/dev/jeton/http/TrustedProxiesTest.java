package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies =
            new TrustedProxies(address -> address.getHostAddress().startsWith("10."));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    203.0.113.9 | 198.51.100.7              | 203.0.113.9
                    10.0.0.1    |                           | 10.0.0.1
                    10.0.0.1    | 198.51.100.7              | 198.51.100.7
                    10.0.0.1    | 1.2.3.4, 198.51.100.7     | 198.51.100.7
                    10.0.0.1    | 198.51.100.7, 10.0.0.2    | 198.51.100.7
                    10.0.0.1    | 198.51.100.7,10.0.0.3 , 10.0.0.2 | 198.51.100.7
                    10.0.0.1    | 10.0.0.3, 10.0.0.2        | 10.0.0.3
                    10.0.0.1    | 2001:db8::1               | 2001:db8::1
                    10.0.0.1    | 198.51.100.7, localhost   | 10.0.0.1
                    10.0.0.1    | 198.51.100.7, unknown     | 10.0.0.1
                    10.0.0.1    | evil.example.com          | 10.0.0.1
                    10.0.0.1    | 198.51.100.7,             | 10.0.0.1
                    10.0.0.1    | 999.999.999.999           | 10.0.0.1
                    10.0.0.1    | 99999999999               | 10.0.0.1
                    10.0.0.1    | 10.1                      | 10.0.0.1
                    10.0.0.1    | 1.2.3.4.5                 | 10.0.0.1
                    10.0.0.1    | 1:2                       | 10.0.0.1
                    """)
    void the_nearest_address_that_is_no_proxy_of_ours_asked(String peer, @Nullable String forwardedFor, String asked) {
        assertThat(proxies.clientAddress(peer, forwardedFor == null ? List.of() : List.of(forwardedFor)))
                .isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 198.51.100.8", "203.0.113.9, 203.0.113.9"})
    void several_headers_are_one_list(String peer, String asked) {
        assertThat(proxies.clientAddress(peer, List.of("198.51.100.7, 198.51.100.8", "10.0.0.2")))
                .isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "10.0.0.1"})
    void nobody_is_believed_by_default(String peer) {
        assertThat(TrustedProxies.none().clientAddress(peer, List.of("198.51.100.7")))
                .isEqualTo(peer);
    }
}
