package dev.jeton.tokenclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-26T08:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "1, PT1S",
        "300, PT5M",
        "301, PT5M",
        "999999999, PT5M",
        "'Thu, 26 Nov 2026 08:00:30 GMT', PT30S",
        "'Thu, 26 Nov 2026 07:59:59 GMT', PT0S",
        "'Fri, 26 Nov 2027 08:00:00 GMT', PT5M"
    })
    void takes_seconds_and_dates_up_to_five_minutes(String value, Duration wait) {
        assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Optional.of(wait));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "1.5",
                "soon",
                "1 s",
                "٣",
                "9999999999999999999",
                "2026-11-26T08:00:00Z",
                "Thu, 26 Nov"
            })
    void is_as_good_as_absent_in_any_other_form(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }
}
