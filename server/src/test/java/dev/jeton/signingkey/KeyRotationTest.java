package dev.jeton.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.jeton.MutableClock;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.SigningKey.State;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRotationTest {
    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration CACHE = Duration.ofMinutes(10);
    private static final Duration LONGEST_TOKEN = Duration.ofDays(30);

    private final MutableClock clock = new MutableClock(START);
    private TestKeys keys;
    private KeyRotation rotation;

    @BeforeEach
    void open(@TempDir Path folder) {
        keys = new TestKeys(folder);
        rotation = keys.rotation(clock, CACHE, LONGEST_TOKEN);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private void ensure() {
        keys.database().change(handle -> rotation.ensure(handle, KeyType.ED25519));
    }

    private SigningKey rotate(boolean force) {
        return keys.database().write(handle -> rotation.rotate(handle, KeyType.ED25519, force));
    }

    private SigningKey find(State state) {
        return keys.database().read(rotation::list).stream()
                .filter(key -> key.state() == state)
                .findFirst()
                .orElseThrow();
    }

    private String signs() {
        return keys.ring().signer(SigningAlgorithm.EDDSA).orElseThrow().kid();
    }

    private Set<String> published() {
        try {
            return JWKSet.parse(keys.ring().jwks()).getKeys().stream()
                    .map(JWK::getKeyID)
                    .collect(Collectors.toSet());
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_fresh_key_is_published_before_it_signs() {
        ensure();
        String next = find(State.NEXT).kid();
        assertThat(published()).contains(next);
        assertThat(signs()).isNotEqualTo(next);

        clock.advance(CACHE);
        rotate(false);

        assertThat(signs()).isEqualTo(next);
        assertThat(published()).hasSize(3).contains(find(State.NEXT).kid());
    }

    @Test
    void a_second_call_for_the_same_type_makes_no_more_keys() {
        ensure();
        ensure();

        assertThat(published()).hasSize(2);
    }

    @Test
    void a_rotation_is_too_early_until_every_cache_holds_the_next_key() {
        ensure();
        clock.advance(CACHE.minusMillis(1));

        assertThatThrownBy(() -> rotate(false))
                .isInstanceOfSatisfying(
                        KeyRotation.TooEarlyException.class,
                        e -> assertThat(e.at()).isEqualTo(START.plus(CACHE)));
        clock.advance(Duration.ofMillis(1));
        rotate(false);
        assertThatThrownBy(() -> rotate(false)).isInstanceOf(KeyRotation.TooEarlyException.class);
    }

    @Test
    void a_forced_rotation_does_not_wait() {
        ensure();
        String next = find(State.NEXT).kid();

        assertThat(rotate(true).kid()).isEqualTo(next);
    }

    @Test
    void only_a_previous_key_can_be_revoked() {
        ensure();
        String current = find(State.CURRENT).kid();
        String next = find(State.NEXT).kid();
        for (String kid : List.of(current, next)) {
            assertThatThrownBy(() -> keys.database().write(handle -> rotation.revoke(handle, kid)))
                    .isInstanceOf(KeyRotation.NotPreviousException.class);
        }
        rotate(true);

        keys.database().write(handle -> rotation.revoke(handle, current));

        assertThat(published()).doesNotContain(current);
        assertThat(find(State.REVOKED).revokedAt()).isEqualTo(START);
        clock.advance(CACHE);
        keys.database().write(handle -> rotation.revoke(handle, current));
        assertThat(find(State.REVOKED).revokedAt())
                .as("revoking again changes nothing")
                .isEqualTo(START);
    }

    @Test
    void types_rotate_apart_from_each_other() {
        ensure();
        keys.database().change(handle -> rotation.ensure(handle, KeyType.EC_P256));
        String other = keys.ring().signer(SigningAlgorithm.ES256).orElseThrow().kid();

        rotate(true);

        assertThat(keys.ring().signer(SigningAlgorithm.ES256).orElseThrow().kid())
                .isEqualTo(other);
    }

    @Test
    void a_previous_key_is_retired_after_the_last_token_that_it_can_have_signed() {
        ensure();
        String first = signs();
        rotate(true);

        clock.advance(LONGEST_TOKEN);
        keys.database().change(rotation::retireExpired);
        assertThat(published()).contains(first);

        clock.advance(Duration.ofMillis(1));
        keys.database().change(rotation::retireExpired);
        assertThat(published()).doesNotContain(first);
    }

    private record Issued(String kid, Instant expiresAt) {}

    @Test
    void a_key_stays_published_as_long_as_any_token_it_signed_is_valid() {
        Random random = new Random(20_261_123);
        List<Issued> tokens = new ArrayList<>();
        ensure();
        for (int step = 0; step < 150; step++) {
            switch (random.nextInt(5)) {
                case 0 -> rotateIfNotTooEarly(random.nextBoolean());
                case 1 -> clock.advance(Duration.ofMillis(random.nextLong(LONGEST_TOKEN.toMillis())));
                case 2 -> clock.advance(Duration.ofSeconds(random.nextLong(2 * CACHE.toSeconds())));
                case 3 -> keys.database().change(rotation::retireExpired);
                default -> {
                    Duration lifetime = Duration.ofSeconds(random.nextLong(LONGEST_TOKEN.toSeconds()) + 1);
                    tokens.add(new Issued(signs(), clock.instant().plus(lifetime)));
                }
            }

            Instant now = clock.instant();
            assertThat(published())
                    .as("step %d", step)
                    .containsAll(tokens.stream()
                            .filter(token -> token.expiresAt().isAfter(now))
                            .map(Issued::kid)
                            .collect(Collectors.toSet()));
        }
        assertThat(tokens).as("the sequence is worth something").hasSizeGreaterThan(15);
    }

    private void rotateIfNotTooEarly(boolean force) {
        try {
            rotate(force);
        } catch (KeyRotation.TooEarlyException e) {
            assertThat(force).isFalse();
        }
    }
}
