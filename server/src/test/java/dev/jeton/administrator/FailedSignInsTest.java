package dev.jeton.administrator;

import static dev.jeton.Answers.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.MutableClock;
import dev.jeton.TestServer;
import dev.jeton.administrator.PasswordWork.Asker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailedSignInsTest {
    private final MutableClock clock = new MutableClock(TestServer.START);
    private final FailedSignIns failed = new FailedSignIns(clock);

    private boolean mayTry(String address, String name) {
        return failed.begin(address, name).isEmpty();
    }

    private void fail(int times, String address, String name) {
        for (int i = 0; i < times; i++) {
            assertThat(mayTry(address, name)).isTrue();
        }
    }

    @Test
    void a_name_has_five_attempts_from_one_address_until_the_window_ends() {
        fail(FailedSignIns.MOST_BY_NAME_AND_ADDRESS, "192.0.2.1", "ada");

        clock.advance(Duration.ofSeconds(30));
        assertThat(failed.begin("192.0.2.1", "ada")).contains(Duration.ofSeconds(270));
        assertThat(mayTry("192.0.2.1", "grace")).isTrue();
        assertThat(mayTry("192.0.2.2", "ada")).isTrue();
        clock.advance(Duration.ofSeconds(270));
        assertThat(mayTry("192.0.2.1", "ada")).isTrue();
    }

    @Test
    void an_address_has_ten_attempts_whatever_the_names() {
        for (int i = 0; i < FailedSignIns.MOST_BY_ADDRESS; i++) {
            fail(1, "192.0.2.1", "name" + i);
        }

        assertThat(mayTry("192.0.2.1", "ada")).isFalse();
        assertThat(mayTry("192.0.2.2", "ada")).isTrue();
    }

    @Test
    void whoever_attacks_a_name_from_everywhere_has_one_attempt_at_each_address_and_so_has_everybody() {
        for (int i = 0; i < FailedSignIns.MOST_BY_NAME; i++) {
            fail(1, "198.51.100." + i, "ada");
        }

        assertThat(mayTry("198.51.100.1", "ada")).isFalse();
        assertThat(mayTry("192.0.2.1", "ada")).isTrue();
        assertThat(mayTry("192.0.2.1", "ada")).isFalse();
        assertThat(mayTry("192.0.2.1", "grace")).isTrue();
    }

    @Test
    void attempts_that_are_refused_do_not_count_against_the_name() {
        for (int i = 0; i < 1_000; i++) {
            mayTry("198.51.100.1", "ada");
        }

        fail(FailedSignIns.MOST_BY_NAME_AND_ADDRESS, "192.0.2.1", "ada");
    }

    @Test
    void one_subscriber_of_ipv6_is_one_address() {
        for (int i = 0; i < FailedSignIns.MOST_BY_NAME_AND_ADDRESS; i++) {
            fail(1, "2001:db8:1:2::" + i, "ada");
        }

        assertThat(mayTry("2001:db8:1:2:ffff::1", "ada")).isFalse();
        assertThat(mayTry("2001:db8:1:3::1", "ada")).isTrue();
    }

    private void assertFailures(String address, int ofNetwork, int ofAddress) {
        assertThat(failed.asker(address))
                .extracting(Asker::failuresOfNetwork, Asker::failuresOfAddress)
                .containsExactly(ofNetwork, ofAddress);
    }

    @Test
    void failures_are_counted_for_a_network_too_wherever_in_it_the_address_is() {
        fail(1, "192.0.2.1", "ada");
        fail(2, "192.0.2.2", "ada");
        fail(1, "2001:db8:1:2::1", "ada");
        fail(1, "2001:db8:1:3::1", "ada");

        assertFailures("192.0.2.1", 3, 1);
        assertFailures("::ffff:192.0.2.2", 3, 2);
        assertFailures("192.0.3.1", 0, 0);
        assertFailures("2001:db8:1:2::9", 2, 1);
        assertFailures("2001:db8:2:2::1", 0, 0);
        failed.withdraw("192.0.2.1", "ada");
        assertFailures("192.0.2.1", 2, 0);
    }

    @Test
    void a_network_from_which_somebody_signed_in_is_ahead_of_those_from_which_nobody_did() {
        failed.signedIn("192.0.2.1");
        fail(1, "192.0.2.7", "ada");
        fail(1, "198.51.100.1", "ada");

        assertFailures("192.0.2.7", 0, 1);
        assertFailures("198.51.100.1", 1, 1);
        fail(1, "192.0.2.7", "ada");
        assertFailures("192.0.2.7", 1, 2);
    }

    @Test
    void of_the_networks_from_which_somebody_signed_in_the_latest_are_remembered() {
        for (int i = 0; i < FailedSignIns.MOST_KNOWN; i++) {
            failed.signedIn("10." + i / 256 + "." + i % 256 + ".1");
        }
        failed.signedIn("10.0.0.1"); // again
        failed.signedIn("192.0.2.1");
        fail(1, "10.0.0.1", "ada");
        fail(1, "10.0.1.1", "ada");
        fail(1, "192.0.2.1", "ada");

        assertFailures("10.0.0.1", 0, 1);
        assertFailures("10.0.1.1", 1, 1);
        assertFailures("192.0.2.1", 0, 1);
    }

    @Test
    void an_attempt_that_did_not_fail_is_taken_back_even_in_the_next_window() {
        for (int i = 0; i < 100; i++) {
            fail(1, "192.0.2.1", "ada");
            failed.withdraw("192.0.2.1", "ada");
        }
        fail(1, "192.0.2.1", "ada");
        clock.advance(FailedSignIns.WINDOW);
        failed.withdraw("192.0.2.1", "ada");

        fail(FailedSignIns.MOST_BY_NAME_AND_ADDRESS, "192.0.2.1", "ada");
        assertThat(mayTry("192.0.2.1", "ada")).isFalse();
    }

    @Test
    void of_many_failures_some_are_recorded_and_the_next_one_says_how_many_were_not() {
        for (int i = 0; i < FailedSignIns.MOST_RECORDED; i++) {
            assertThat(failed.record()).hasValue(0);
        }
        assertThat(failed.record()).isEmpty();
        assertThat(failed.record()).isEmpty();
        clock.advance(FailedSignIns.WINDOW);
        fail(1, "192.0.2.1", "ada");

        assertThat(failed.record()).hasValue(2);
        assertThat(failed.record()).hasValue(0);
    }

    @Test
    void over_http_the_right_password_waits_where_others_failed_and_passes_from_elsewhere() {
        try (TestServer server = TestServer.start(Map.of("JETON_BEHIND_PROXY", "127.0.0.0/8"))) {
            Browser.ofFirst(server, "Ada");
            for (int i = 0; i < FailedSignIns.MOST_BY_NAME_AND_ADDRESS; i++) {
                assertThat(signIn(server, "192.0.2.1", "not the password").statusCode())
                        .isEqualTo(401);
            }

            HttpResponse<String> refused = signIn(server, "192.0.2.1", Browser.PASSWORD);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(json(refused).path("errorCode").asString()).isEqualTo("too_many_attempts");
            assertThat(refused.headers().firstValue("Retry-After")).contains("301");
            assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(signIn(server, "192.0.2.2", Browser.PASSWORD).statusCode())
                    .isEqualTo(200);

            server.clock().advance(FailedSignIns.WINDOW);
            assertThat(signIn(server, "192.0.2.1", Browser.PASSWORD).statusCode())
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> signIn(TestServer server, String address, String password) {
        return new Browser(server)
                .send(
                        "POST",
                        "dashboard/session",
                        Map.of("name", "ada", "password", password),
                        List.of("X-Forwarded-For", address));
    }
}
