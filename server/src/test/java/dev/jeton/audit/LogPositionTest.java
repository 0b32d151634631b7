package dev.jeton.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogPositionTest {
    @Test
    void a_log_id_has_56_digits_with_the_utc_time_after_900() {
        long ms = Instant.parse("2026-11-23T17:15:30.123Z").toEpochMilli();
        assertThat(new LogPosition(ms, LogPosition.Source.TOKEN, 7).logId())
                .isEqualTo("900" + "20261123171530123" + "0" + "0".repeat(34) + "7");
        assertThat(LogPosition.ofChange(ms).logId()).isEqualTo("900" + "20261123171530123" + "1" + "0".repeat(35));
    }

    @Test
    void log_ids_sort_as_text_as_positions_do_and_read_back() {
        Random random = new Random(1);
        List<LogPosition> positions = Stream.generate(() -> new LogPosition(
                        1_795_000_000_000L + random.nextInt(3) * 86_400_000L + random.nextInt(3),
                        random.nextBoolean() ? LogPosition.Source.TOKEN : LogPosition.Source.CHANGE,
                        random.nextInt(LogPosition.MAX_NUMBER + 1)))
                .limit(500)
                .toList();
        assertThat(positions.stream().sorted().map(LogPosition::logId).toList())
                .isEqualTo(positions.stream().map(LogPosition::logId).sorted().toList());
        assertThat(positions)
                .allSatisfy(position ->
                        assertThat(LogPosition.parse(position.logId())).contains(position));
    }

    @Test
    void a_token_key_holds_millisecond_and_number() {
        LogPosition position = new LogPosition(1_795_000_000_123L, LogPosition.Source.TOKEN, LogPosition.MAX_NUMBER);
        assertThat(LogPosition.ofToken(position.tokenKey())).isEqualTo(position);
        assertThat(LogPosition.ofToken(position.tokenKey() + 1).ms()).isEqualTo(1_795_000_000_124L);
    }

    @Test
    void nothing_stands_after_a_position_later_than_keys_reach() {
        LogPosition last = LogPosition.parse("900" + "99991231235959999" + "0" + "0".repeat(28) + "1048575")
                .orElseThrow();
        assertThat(last.nextTokenKey()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "900",
                // a month that does not exist
                "90020261323171530123000000000000000000000000000000000007",
                // a source that does not exist
                "90020261123171530123200000000000000000000000000000000007",
                // a number beyond those given
                "90020261123171530123000000000000000000000000000001048576",
                "90020261123171530123000000000000000000000000000010000000",
                // not digits, not ours, too long
                "9002026112317153012300000000000000000000000000000000000x",
                "80020261123171530123000000000000000000000000000000000007",
                "900202611231715301230000000000000000000000000000000000070",
            })
    void other_strings_are_no_log_id(String text) {
        assertThat(LogPosition.parse(text)).isEmpty();
    }
}
