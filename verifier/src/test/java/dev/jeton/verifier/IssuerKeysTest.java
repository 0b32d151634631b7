package dev.jeton.verifier;

import static dev.jeton.verifier.FakeIssuer.answer;
import static dev.jeton.verifier.FakeIssuer.json;
import static dev.jeton.verifier.TestToken.AUDIENCE;
import static dev.jeton.verifier.TestToken.NOW;
import static dev.jeton.verifier.TestToken.rejected;
import static dev.jeton.verifier.TestToken.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerKeysTest {
    private static final String RSA = TestKey.RSA.jwk("'kid':'rsa'");
    private static final String NEXT = TestKey.OTHER_RSA.jwk("'kid':'next'");

    private final FakeIssuer issuer = new FakeIssuer();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    /** Renewal is due at 60 % of the lifetime: 6 minutes. */
    private final IssuerKeys keys = builder().build();

    private final AccessTokenVerifier verifier = AccessTokenVerifier.builder(issuer.issuer(), AUDIENCE, keys)
            .clock(() -> NOW)
            .build();

    @AfterEach
    void stop() {
        issuer.close();
    }

    private IssuerKeys.Builder builder() {
        return IssuerKeys.builder(issuer.issuer())
                .timeout(Duration.ofSeconds(30)) // a thousand threads take their time on a busy machine
                .clock(now::get)
                .random(() -> 0.4);
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private String tokenOf(String keyId, TestKey key) {
        return token("RS256", keyId).claim("iss", "'" + issuer.issuer() + "'").signed(key.rs256());
    }

    private Verification verify() {
        return verifier.verify(tokenOf("rsa", TestKey.RSA));
    }

    // Finding and fetching

    @Test
    void finds_the_keys_by_the_metadata_of_the_issuer() {
        AccessTokenVerifier found = AccessTokenVerifier.forIssuer(issuer.issuer(), AUDIENCE)
                .clock(() -> NOW)
                .build();

        assertThat(found.verify(tokenOf("rsa", TestKey.RSA))).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void asks_for_nothing_before_the_first_token() {
        assertThat(issuer.jwksRequests()).isZero();
        assertThat(verify()).isInstanceOf(Verification.Verified.class);
        assertThat(issuer.jwksRequests()).isEqualTo(1);
    }

    @Test
    void takes_the_keys_from_a_given_address_without_metadata() {
        issuer.metadata(answer(500, "never asked"));
        IssuerKeys elsewhere = IssuerKeys.builder("https://auth.example/")
                .jwksUri(URI.create(issuer.issuer() + "keys"))
                .build();

        assertThat(elsewhere.current().find(SignatureAlgorithm.RS256, Optional.of("rsa")))
                .isPresent();
    }

    @ParameterizedTest
    @MethodSource("broken_keys")
    void decides_nothing_while_the_keys_are_nonsense(FakeIssuer.Answer jwks, String why) {
        issuer.jwks(jwks);

        assertUndecided(why);
    }

    static Stream<Arguments> broken_keys() {
        return Stream.of(
                argumentSet("error", answer(500, "{}"), "answered 500"),
                argumentSet("nothing there", answer(404, "{}"), "answered 404"),
                argumentSet("created", answer(201, TestKey.jwks(RSA)), "answered 201"),
                argumentSet("HTML", json("<html>Sign in</html>"), "not a JWK Set"),
                argumentSet("empty", json(""), "not a JWK Set"),
                argumentSet("no keys array", json("{}"), "there is no keys array"),
                argumentSet("half", json("{\"keys\":["), "not a JWK Set"),
                argumentSet("too large", json(" ".repeat(512 * 1024 + 1)), "a body of more than 524288 bytes"),
                argumentSet(
                        "broken off",
                        (FakeIssuer.Answer) exchange -> {
                            exchange.sendResponseHeaders(200, 1000);
                            exchange.getResponseBody().write('{');
                            exchange.close();
                        },
                        "IOException"));
    }

    @ParameterizedTest
    @MethodSource("broken_metadata")
    void decides_nothing_while_the_metadata_is_nonsense(FakeIssuer.Answer metadata, String why) {
        issuer.metadata(metadata);

        assertUndecided(why);
        assertThat(issuer.jwksRequests()).isZero();
    }

    static Stream<Arguments> broken_metadata() {
        return Stream.of(
                argumentSet("error", answer(503, "{}"), "answered 503"),
                argumentSet("HTML", json("<html></html>"), "not a JSON object"),
                argumentSet("no issuer", json("{\"jwks_uri\":\"https://a.example/\"}"), "its issuer is null"),
                argumentSet("forged log line", json("{\"issuer\":\"a\\nWARN b\"}"), "its issuer is a?WARN b"),
                argumentSet("another issuer", json("{\"issuer\":\"https://evil.example/\"}"), "https://evil.example/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "'http://keys.example/'",
                "'file:///etc/passwd'",
                "'/keys'",
                "'https://user@keys.example/'",
                "'https://keys.example/#a'",
                "'https://keys example/'",
                "''"
            })
    void does_not_go_where_keys_cannot_be_trusted(String jwksUri) {
        issuer.metadata(
                json("{\"issuer\":\"" + issuer.issuer() + "\",\"jwks_uri\":" + jwksUri.replace('\'', '"') + "}"));

        assertUndecided("jwks_uri");
    }

    @Test
    void does_not_follow_a_redirect() {
        issuer.metadata(exchange -> {
            exchange.getResponseHeaders().add("Location", issuer.issuer() + "keys");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });

        assertUndecided("answered 302");
        assertThat(issuer.jwksRequests()).isZero();
    }

    @Test
    void gives_up_on_an_answer_that_trickles() {
        CountDownLatch end = new CountDownLatch(1);
        issuer.jwks(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            uninterruptibly(end);
        });
        IssuerKeys impatient = builder().timeout(Duration.ofMillis(300)).build();

        assertThatThrownBy(impatient::current)
                .isInstanceOf(KeysUnavailableException.class)
                .hasMessageContaining("no whole answer in time");
        end.countDown();
    }

    @Test
    void decides_nothing_while_nobody_listens() {
        issuer.close();

        assertUndecided("ConnectException");
    }

    private void assertUndecided(String why) {
        assertThat(verify())
                .isInstanceOfSatisfying(
                        Verification.Undecided.class,
                        undecided -> assertThat(undecided.cause())
                                .hasMessageContaining(issuer.issuer())
                                .hasMessageContaining(why)
                                .extracting(KeysUnavailableException::retryAfter)
                                .isEqualTo(Duration.ofSeconds(1)));
    }

    // Keeping and renewing

    @Test
    void fetches_once_for_a_thousand_threads() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        issuer.jwks(exchange -> {
            asked.countDown();
            uninterruptibly(answers);
            json(TestKey.jwks(RSA)).send(exchange);
        });
        ExecutorService threads = Executors.newFixedThreadPool(1000);
        try {
            List<Future<Verification>> verifications = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                verifications.add(threads.submit(() -> {
                    start.await(); // for the last thread to be there, which takes its time on a busy machine
                    return verify();
                }));
            }
            start.countDown();
            asked.await();
            answers.countDown();
            for (Future<Verification> verification : verifications) {
                assertThat(verification.get()).isInstanceOf(Verification.Verified.class);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(issuer.jwksRequests()).isEqualTo(1);
    }

    @Test
    void serves_the_keys_for_their_lifetime_and_renews_them_ahead_of_its_end() {
        KeySet first = keys.current();

        pass(Duration.ofMinutes(6).minusMillis(1));
        assertThat(keys.current()).isSameAs(first);
        pass(Duration.ofMillis(1));
        assertThat(keys.current()).as("no caller waits").isSameAs(first);
        Await.until("the keys are renewed", () -> keys.current() != first);
        assertThat(issuer.jwksRequests()).isEqualTo(2);
    }

    @Test
    void fetches_before_it_answers_when_the_lifetime_is_over() {
        verify();
        issuer.publish(NEXT);

        pass(Duration.ofMinutes(10));

        assertThat(verify()).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        assertThat(issuer.jwksRequests()).isEqualTo(2);
    }

    @Test
    void drops_at_once_what_a_fetch_no_longer_lists() {
        verify();
        issuer.jwks(json("{\"keys\":[]}"));
        pass(Duration.ofMinutes(6));
        keys.current();

        Await.until("the key is gone", () -> verify().equals(rejected(Rejection.UNKNOWN_KEY)));
    }

    @Test
    void keeps_the_last_keys_for_a_day_while_the_issuer_is_down() {
        verify();
        issuer.close();

        pass(Duration.ofMinutes(10));
        assertThat(verify()).isInstanceOf(Verification.Verified.class);
        pass(Duration.ofHours(24).minusMinutes(10).minusMillis(1));
        assertThat(verify()).isInstanceOf(Verification.Verified.class);
        pass(Duration.ofMillis(1));
        assertThat(verify()).isInstanceOf(Verification.Undecided.class);
    }

    @Test
    void holds_no_request_up_for_an_issuer_that_is_known_to_be_down() {
        KeySet first = keys.current();
        issuer.jwks(answer(500, ""));
        pass(Duration.ofMinutes(10));
        keys.current();
        CountDownLatch answers = new CountDownLatch(1);
        issuer.jwks(exchange -> {
            uninterruptibly(answers);
            json(TestKey.jwks(NEXT)).send(exchange);
        });

        pass(Duration.ofMinutes(1));
        assertThat(keys.current()).isSameAs(first);
        answers.countDown();
        Await.until("the issuer is back", () -> keys.current() != first);
    }

    @Test
    void fetches_after_a_long_pause_before_it_answers_also_if_the_last_fetch_failed() {
        verify();
        issuer.jwks(answer(503, ""));
        pass(Duration.ofMinutes(6));
        keys.current();
        untilTheFetchHasEnded();
        issuer.publish(NEXT);

        pass(Duration.ofHours(20));

        assertThat(verify()).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @Test
    void tries_again_after_1_2_4_and_at_most_30_seconds_and_lets_nobody_wait_for_it() {
        issuer.jwks(answer(500, ""));
        assertRetryAfter(1);
        for (int seconds : List.of(1, 2, 4, 8, 16, 30, 30)) {
            int requests = issuer.jwksRequests();
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertRetryAfter(seconds);
            assertThat(issuer.jwksRequests()).as("within the pause").isEqualTo(requests);
            pass(Duration.ofMillis(1));
            assertRetryAfter(seconds); // and begins the next try
            untilTheFetchHasEnded();
            assertRetryAfter(Math.min(2 * seconds, 30));
            assertThat(issuer.jwksRequests()).isEqualTo(requests + 1);
        }
        issuer.publish(RSA);
        pass(Duration.ofSeconds(30));

        Await.until("the issuer is back", () -> verify() instanceof Verification.Verified);
    }

    private static void untilTheFetchHasEnded() {
        Await.until(
                "the fetch has ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("jeton-issuer-keys")));
    }

    private Duration retryAfter() {
        return catchThrowableOfType(KeysUnavailableException.class, keys::current)
                .retryAfter();
    }

    private void assertRetryAfter(int seconds) {
        assertThat(retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void serves_threads_that_come_at_the_same_moment_with_the_clock_of_the_system() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 100; round++) {
                IssuerKeys fresh = IssuerKeys.of(issuer.issuer());
                AtomicInteger ready = new AtomicInteger();
                List<Future<KeySet>> answers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    answers.add(threads.submit(() -> {
                        ready.incrementAndGet();
                        while (ready.get() < 3) {
                            Thread.onSpinWait();
                        }
                        return fresh.current();
                    }));
                }
                for (Future<KeySet> answer : answers) {
                    assertThat(answer.get()).isNotNull();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void trusts_no_keys_of_the_future_when_the_clock_was_set_back() {
        verify();
        issuer.publish(NEXT);

        pass(Duration.ofHours(-1));

        assertThat(verify()).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
    }

    @Test
    void lets_an_interrupted_thread_go_while_the_fetch_goes_on_for_others() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        issuer.jwks(exchange -> {
            asked.countDown();
            uninterruptibly(answers);
            json(TestKey.jwks(RSA)).send(exchange);
        });
        AtomicReference<Verification> seen = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            seen.set(verify());
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        waiting.start();
        asked.await();

        waiting.interrupt();
        waiting.join();

        assertThat(seen.get()).isInstanceOf(Verification.Undecided.class);
        answers.countDown();
        assertThat(verify()).isInstanceOf(Verification.Verified.class);
        assertThat(issuer.jwksRequests()).isEqualTo(1);
    }

    // Unknown keys

    @Test
    void finds_a_key_that_was_published_since() {
        verify();
        issuer.publish(RSA, NEXT);
        pass(Duration.ofSeconds(10));

        assertThat(verifier.verify(tokenOf("next", TestKey.OTHER_RSA))).isInstanceOf(Verification.Verified.class);
        assertThat(issuer.jwksRequests()).isEqualTo(2);
    }

    @Test
    void fetches_at_most_every_10_seconds_whatever_kids_strangers_send() {
        verify();
        for (int i = 0; i < 1000; i++) {
            assertThat(verifier.verify(tokenOf("stranger-" + i, TestKey.OTHER_RSA)))
                    .isEqualTo(rejected(Rejection.UNKNOWN_KEY));
            pass(Duration.ofMillis(20));
        }

        assertThat(issuer.jwksRequests()).isEqualTo(2);
    }

    @Test
    void refuses_an_unknown_key_while_the_issuer_is_down() {
        verify();
        issuer.close();
        pass(Duration.ofSeconds(10));

        assertThat(verifier.verify(tokenOf("next", TestKey.OTHER_RSA))).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        assertThat(verify()).isInstanceOf(Verification.Verified.class);
    }

    @Test
    void lets_at_most_16_requests_wait_for_an_unknown_key() throws Exception {
        verify();
        CountDownLatch answers = new CountDownLatch(1);
        issuer.jwks(exchange -> {
            uninterruptibly(answers);
            json(TestKey.jwks(RSA)).send(exchange);
        });
        pass(Duration.ofSeconds(10));
        String stranger = tokenOf("stranger", TestKey.OTHER_RSA);
        AtomicInteger refused = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Thread thread = new Thread(() -> {
                if (verifier.verify(stranger).equals(rejected(Rejection.UNKNOWN_KEY))) {
                    refused.incrementAndGet();
                }
            });
            thread.start();
            waiting.add(thread);
        }
        Await.until(
                "16 wait", () -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));

        // The keys cannot come before the latch is open, so this one returns only if it does not wait.
        assertThat(verifier.verify(stranger)).isEqualTo(rejected(Rejection.UNKNOWN_KEY));
        answers.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(refused).hasValue(16);
        assertThat(issuer.jwksRequests()).isEqualTo(2);
    }

    // Settings

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth.example",
                "ftp://auth.example/",
                "http://auth.example/",
                "http://127.0.0.1.evil.example/",
                "https:///path",
                "https://auth.example/?tenant=a",
                "https://auth.example/#a",
                "https://user:secret@auth.example/",
                "https://auth example/"
            })
    void takes_no_issuer_that_keys_cannot_come_from(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuerKeys.of(address))
                .withMessageContaining("issuer");
        assertThatIllegalArgumentException().isThrownBy(() -> AccessTokenVerifier.forIssuer(address, AUDIENCE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://auth.example", "https://auth.example/a/b/", "http://localhost:8080/", "http://[::1]/"})
    void takes_https_and_loopback(String address) {
        assertThat(IssuerKeys.of(address)).isNotNull();
    }

    @Test
    void takes_plain_http_elsewhere_only_if_told_so() {
        assertThat(IssuerKeys.builder("http://auth.example/").allowPlainHttp().build())
                .isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuerKeys.builder("https://auth.example/")
                        .jwksUri(URI.create("http://keys.example/"))
                        .build())
                .withMessageContaining("jwksUri");
    }

    @Test
    void takes_a_lifetime_from_1_second_to_24_hours_and_no_client_that_follows_redirects() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder().lifetime(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().lifetime(Duration.ofHours(25)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder()
                        .httpClient(HttpClient.newBuilder()
                                .followRedirects(HttpClient.Redirect.NORMAL)
                                .build()));
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
