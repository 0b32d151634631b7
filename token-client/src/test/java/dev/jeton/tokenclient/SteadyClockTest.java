package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private Instant wall = Instant.parse("2026-11-26T08:00:00Z");
    private long nanos = Long.MAX_VALUE; // the counter may start anywhere and overflow

    private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

    private void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    @Test
    void goes_on_when_the_wall_clock_is_set_back() {
        pass(Duration.ofMinutes(10));
        wall = wall.minus(Duration.ofHours(1));
        pass(Duration.ofMinutes(5));

        assertThat(clock.instant()).isEqualTo("2026-11-26T08:15:00Z");
    }

    @Test
    void goes_with_the_wall_clock_over_a_sleep_of_the_machine() {
        wall = wall.plus(Duration.ofHours(10));

        assertThat(clock.instant()).isEqualTo("2026-11-26T18:00:00Z");
    }

    @Test
    void does_not_go_back_from_where_the_wall_clock_had_taken_it() {
        wall = wall.plus(Duration.ofDays(1));
        Instant ahead = clock.instant();
        wall = wall.minus(Duration.ofDays(1));
        pass(Duration.ofMinutes(1));

        assertThat(clock.instant()).isEqualTo(ahead.plusSeconds(60));
    }

    @Test
    void does_not_go_back_after_a_sleep_of_the_machine_either() {
        wall = wall.plus(Duration.ofHours(10));
        Instant awake = clock.instant();
        wall = wall.minus(Duration.ofHours(9));

        assertThat(clock.instant()).isEqualTo(awake);
    }

    @Test
    void does_not_follow_a_drift_of_less_than_a_second() {
        wall = wall.plusMillis(900);

        assertThat(clock.instant()).isEqualTo("2026-11-26T08:00:00Z");
    }
}
