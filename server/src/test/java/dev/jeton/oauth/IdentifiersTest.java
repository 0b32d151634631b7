package dev.jeton.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.SeededRandom;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
    private final Identifiers identifiers = new Identifiers(new SeededRandom(1));

    @Test
    void the_id_of_a_hook_is_a_ulid() {
        // The time of the example in the specification of ULIDs.
        Instant now = Instant.ofEpochMilli(1_469_918_176_385L);

        List<String> ids =
                Stream.generate(() -> identifiers.hookId(now)).limit(1_000).toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}"));
        assertThat(identifiers.hookId(now.plusMillis(1))).startsWith("01ARYZ6S42");
    }

    @Test
    void a_uuid_is_random_and_in_lower_case() {
        List<String> ids = Stream.generate(identifiers::uuid).limit(1_000).toList();

        assertThat(ids)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    }
}
