package dev.jeton.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jeton.usage.TokenLatency.Percentiles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLatencyTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final TokenLatency latency = new TokenLatency();

    @Test
    void nothing_is_known_of_a_time_without_a_decision() {
        latency.record(NOON, Duration.ofMillis(3));

        assertThat(latency.ofMinute(NOON.plusSeconds(59))).isPresent();
        assertThat(latency.ofMinute(NOON.plusSeconds(60))).isEmpty();
        assertThat(latency.ofMinute(NOON.minusSeconds(1))).isEmpty();
        assertThat(latency.ofHour(NOON.plusSeconds(3_599))).isPresent();
        assertThat(latency.ofHour(NOON.minusSeconds(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 250, 1_000, 4_711, 1_000_000, 19_999_999})
    void a_duration_is_told_to_an_eighth_and_never_as_shorter(long micros) {
        latency.record(NOON, Duration.ofNanos(micros * 1_000 + 999));

        double told = latency.ofMinute(NOON).orElseThrow().p50Ms() * 1_000;
        assertThat(told).isGreaterThan((double) micros).isLessThanOrEqualTo(micros * 1.125 + 1);
    }

    @Test
    void what_takes_longer_than_a_minute_or_less_than_nothing_breaks_nothing() {
        latency.record(NOON, Duration.ofDays(1_000));
        latency.record(NOON, Duration.ofMillis(-5));

        Percentiles told = latency.ofMinute(NOON).orElseThrow();
        assertThat(told.p50Ms()).isEqualTo(0.001);
        assertThat(told.p99Ms()).isGreaterThan(60_000);
    }

    @Test
    void half_and_99_of_100_are_found() {
        for (int i = 1; i <= 1_000; i++) {
            latency.record(NOON.plusSeconds(i % 120), Duration.ofMillis(i));
        }

        Percentiles told = latency.ofMinutes(NOON, 2).orElseThrow();
        assertThat(told.p50Ms()).isCloseTo(500, within(63.0));
        assertThat(told.p99Ms()).isCloseTo(990, within(125.0));
        assertThat(latency.ofHours(NOON, 1)).contains(told);
    }

    @Test
    void a_minute_gives_way_after_an_hour_and_an_hour_after_a_week() {
        latency.record(NOON, Duration.ofMillis(1));
        latency.record(NOON.plus(Duration.ofHours(1)), Duration.ofMillis(1));
        assertThat(latency.ofMinute(NOON)).isEmpty();
        assertThat(latency.ofHour(NOON)).isPresent();

        latency.record(NOON.plus(Duration.ofDays(7)), Duration.ofMillis(1));
        assertThat(latency.ofHour(NOON)).isEmpty();
        assertThat(latency.ofHours(NOON, 169)).isPresent();
    }

    @Test
    void threads_lose_no_count_also_where_a_minute_begins() {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 10_000; i++) {
                    latency.record(NOON.plusMillis(i * 12L), Duration.ofMillis(i < 5_100 ? 1 : 100));
                }
            }));
        }
        threads.forEach(CompletableFuture::join);

        // 20,400 of 40,000: one lost in a hundred of the short ones would show.
        assertThat(latency.ofMinutes(NOON, 2).orElseThrow().p50Ms()).isLessThan(2);
        assertThat(latency.ofMinute(NOON).orElseThrow().p99Ms()).isLessThan(2);
    }
}
