package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

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
        assertThat(proxies.clientAddress(peer, forwardedFor == null ? List.of() : List.of(forwardedFor), List.of()))
                .isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 198.51.100.8", "203.0.113.9, 203.0.113.9"})
    void several_headers_are_one_list(String peer, String asked) {
        assertThat(proxies.clientAddress(peer, List.of("198.51.100.7, 198.51.100.8", "10.0.0.2"), List.of()))
                .isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "10.0.0.1"})
    void nobody_is_believed_by_default(String peer) {
        assertThat(TrustedProxies.none().clientAddress(peer, List.of("198.51.100.7"), List.of()))
                .isEqualTo(peer);
    }

    private static List<String> warnings(Runnable asking) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(UnnamedProxies.class);
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        try {
            asking.run();
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(log);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void a_proxy_that_nobody_named_is_warned_of_once_with_the_cure() {
        assertThat(warnings(() -> {
                    proxies.clientAddress("192.0.2.1", List.of("198.51.100.7"), List.of());
                    proxies.clientAddress("192.0.2.1", List.of("198.51.100.8"), List.of());
                    proxies.clientAddress("192.0.2.2", List.of(), List.of("for=198.51.100.7"));
                }))
                .hasSize(2)
                .first()
                .isEqualTo(
                        "a request from 192.0.2.1 has X-Forwarded-For or Forwarded, and is not believed: if that is a"
                                + " proxy in front of this server, start with --behind-proxy 192.0.2.1, or all its clients are"
                                + " throttled as one address");
    }

    @Test
    void there_is_no_warning_of_a_proxy_that_is_named_or_of_who_forwards_nothing() {
        assertThat(warnings(() -> {
                    proxies.clientAddress("10.0.0.1", List.of("198.51.100.7"), List.of("for=198.51.100.7"));
                    proxies.clientAddress("192.0.2.1", List.of(), List.of());
                }))
                .isEmpty();
    }

    @Test
    void strangers_who_send_the_header_do_not_fill_the_log() {
        assertThat(warnings(() -> {
                    for (int i = 0; i < 100; i++) {
                        proxies.clientAddress("192.0.2." + i, List.of("198.51.100.7"), List.of());
                    }
                }))
                .hasSize(UnnamedProxies.MOST);
    }
}
