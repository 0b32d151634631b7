package dev.jeton.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text in place of a {@code log_id}. */
@Timeout(30)
class LogPositionFuzzTest {
    @MethodSource("texts")
    @FuzzTest
    void reads_only_what_it_writes_and_finds_keys_for_it(byte[] utf8) {
        String text = new String(utf8, UTF_8);

        LogPosition.parse(text).ifPresent(position -> {
            assertThat(position.logId()).isEqualTo(text);
            assertThat(position.nextTokenKey()).isGreaterThanOrEqualTo(LogPosition.firstTokenKey(position.ms()));
            assertThat(position.nextChangeMs()).isGreaterThanOrEqualTo(position.ms());
        });
    }

    static Stream<byte[]> texts() {
        return Stream.of(
                        "",
                        "90020261123171530123000000000000000000000000000000000007",
                        "90020261123171530123100000000000000000000000000000000000",
                        "90099991231235959999000000000000000000000000000001048575",
                        "90099991231235959999100000000000000000000000000001048575",
                        "90000000101000000000000000000000000000000000000000000000",
                        "90019691231235959999000000000000000000000000000001048575",
                        "90020260230171530123000000000000000000000000000000000007",
                        "90020261123171560123000000000000000000000000000000000007",
                        "900202611231715301230000000000000000000000000000000\u0661")
                .map(text -> text.getBytes(UTF_8));
    }
}
