package dev.jeton.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RefusalFoldingTest {
    private final TestEvents events = new TestEvents("2026-11-23T17:15:30.123Z");
    private final RefusalFolding folding = new RefusalFolding(2, 3);

    private boolean folds(String ip, String error) {
        return folding.folds(events.strange(ip, error));
    }

    @Test
    void counts_beyond_the_threshold_per_address_and_error() {
        assertThat(folds("192.0.2.1", "access_denied")).isFalse();
        assertThat(folds("192.0.2.1", "access_denied")).isFalse();
        assertThat(folds("192.0.2.1", "access_denied")).isTrue();
        assertThat(folds("192.0.2.1", "invalid_request")).isFalse();
        assertThat(folds("192.0.2.2", "access_denied")).isFalse();
    }

    @Test
    void never_counts_what_a_client_did_that_proved_who_it_is() {
        for (int i = 0; i < 10; i++) {
            assertThat(folding.folds(events.refused("no grant"))).isFalse();
        }
    }

    @Test
    void gives_one_row_per_address_and_error_when_the_minute_has_ended() {
        for (int i = 0; i < 5; i++) {
            folds("192.0.2.1", "access_denied");
        }
        folds("192.0.2.2", "access_denied");
        assertThat(folding.takeFinished(events.instant())).isEmpty();

        events.advance(Duration.ofMinutes(1));
        assertThat(folding.takeFinished(events.instant())).singleElement().satisfies(row -> {
            assertThat(row.kind()).isEqualTo(TokenRow.Kind.FOLDED);
            assertThat(row.ip()).isEqualTo("192.0.2.1");
            assertThat(row.error()).isEqualTo("access_denied");
            assertThat(row.count()).isEqualTo(3);
        });
        assertThat(folding.takeFinished(events.instant())).isEmpty();
        assertThat(folds("192.0.2.1", "access_denied")).isFalse();
    }

    @Test
    void counts_addresses_beyond_the_bound_together() {
        for (int i = 0; i < 100; i++) {
            assertThat(folds("192.0.2." + i, "access_denied")).isEqualTo(i >= 3);
        }
        assertThat(folding.takeAll()).singleElement().satisfies(row -> {
            assertThat(row.ip()).isEqualTo("other addresses");
            assertThat(row.count()).isEqualTo(97);
        });
    }

    @Test
    void rows_that_could_not_be_stored_stay_bounded_and_keep_their_counts() {
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 12; i++) {
                folds("192.0.2." + i % 3, "access_denied");
            }
            events.advance(Duration.ofMinutes(1));
            folding.putBack(folding.takeFinished(events.instant()));
        }
        assertThat(folding.takeAll())
                .hasSize(3)
                .extracting(TokenRow::count)
                .satisfies(counts -> assertThat(
                                counts.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(10 * 3 * 2));
    }

    @Test
    void a_straggler_of_the_minute_before_does_not_begin_a_new_minute() {
        folds("192.0.2.1", "access_denied");
        folds("192.0.2.1", "access_denied");
        events.advance(Duration.ofMinutes(-1));
        assertThat(folds("192.0.2.1", "access_denied")).isTrue();
    }

    @Test
    void a_clock_set_back_begins_anew() {
        folds("192.0.2.1", "access_denied");
        folds("192.0.2.1", "access_denied");
        events.advance(Duration.ofHours(-1));
        assertThat(folds("192.0.2.1", "access_denied")).isFalse();
    }
}
