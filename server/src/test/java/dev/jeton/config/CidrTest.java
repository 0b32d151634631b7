package dev.jeton.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.200, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "fd00::/8, fdab::1, true",
        "fd00::/8, fe80::1, false",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::/0, 2001:db8::1, true"
    })
    void holds_the_addresses_that_share_its_prefix(String cidr, String address, boolean contained) {
        assertThat(Cidr.parse(cidr).contains(InetAddress.ofLiteral(address))).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.0.2.7/32", "fd00:0:0:0:0:0:0:0/8"})
    void prints_what_it_parses(String cidr) {
        assertThat(Cidr.parse(cidr)).hasToString(cidr);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10/8",
                "10.0.0/8",
                "10.0.0.0/",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.256",
                "proxy.example.com",
                "fe80::1%lo",
                "[::1]"
            })
    void refuses_what_is_no_block_of_addresses(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a block of addresses, such as 10.0.0.0/8");
    }

    @Test
    void says_how_to_write_a_block_whose_address_has_bits_beyond_the_prefix() {
        assertThatThrownBy(() -> Cidr.parse("10.1.2.3/8"))
                .hasMessage("'10.1.2.3/8' has bits set beyond its prefix; write 10.0.0.0/8 or 10.1.2.3");
    }
}
