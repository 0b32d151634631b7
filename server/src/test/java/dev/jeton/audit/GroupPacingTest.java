package dev.jeton.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GroupPacingTest {
    private final GroupPacing pacing = new GroupPacing(Duration.ofNanos(500));

    @Test
    void the_first_group_need_not_wait() {
        assertThat(pacing.nanosToWait(-12_345)).isZero();
    }

    @Test
    void the_next_group_waits_for_the_rest_of_the_interval() {
        pacing.begin(1_000);
        assertThat(pacing.nanosToWait(1_000)).isEqualTo(500);
        assertThat(pacing.nanosToWait(1_200)).isEqualTo(300);
    }

    @Test
    void a_group_long_after_the_last_need_not_wait() {
        long begun = Long.MAX_VALUE - 100;
        pacing.begin(begun);
        assertThat(pacing.nanosToWait(later(begun, 500))).isNotPositive();
        assertThat(pacing.nanosToWait(later(begun, 9_000))).isNotPositive();
    }

    /** A monotonic clock may pass the largest number and go on from the least. */
    private static long later(long nanos, long by) {
        return nanos + by;
    }
}
