package dev.jeton.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.jeton.config.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of {@code X-Forwarded-For}; two lines of it where there is a line break. */
@Timeout(30)
class TrustedProxiesFuzzTest {
    private static final String PEER = "10.0.0.1";
    private static final List<Cidr> OURS = List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"));
    private static final TrustedProxies PROXIES = new TrustedProxies(TrustedProxiesFuzzTest::isOurs);

    private static boolean isOurs(InetAddress address) {
        return OURS.stream().anyMatch(block -> block.contains(address));
    }

    @MethodSource("lines")
    @FuzzTest
    void names_an_address_that_was_sent_or_the_peer_and_asks_no_name_server(byte[] utf8) {
        List<String> lines = List.of(new String(utf8, UTF_8).split("\n", -1));

        String asked = PROXIES.clientAddress(PEER, lines, List.of());

        if (!asked.equals(PEER)) {
            assertThat(lines)
                    .anyMatch(line -> List.of(line.split(",", -1)).stream()
                            .anyMatch(hop -> hop.strip().equals(asked)));
            assertThat(InetAddress.ofLiteral(asked)).isNotNull();
        }
    }

    static Stream<byte[]> lines() {
        return Stream.of(
                        "",
                        "198.51.100.7",
                        "192.0.2.55, 198.51.100.7",
                        "198.51.100.7\n10.0.0.2, fd00::1",
                        "::ffff:10.0.0.9, 10.0.0.2",
                        "2001:db8::1%eth0",
                        "[2001:db8::1]:80",
                        "10.1",
                        "167772161",
                        "0x0a.0.0.1",
                        "999.999.999.999",
                        "99999999999",
                        "1.2.3.4.5",
                        "\u0661.\u0662.\u0663.\u0664",
                        "beef::\u0666")
                .map(line -> line.getBytes(UTF_8));
    }
}
