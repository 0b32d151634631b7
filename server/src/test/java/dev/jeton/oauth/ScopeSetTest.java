package dev.jeton.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScopeSetTest {
    private static ScopeSet random(Random random) {
        List<String> values = new ArrayList<>();
        for (int count = random.nextInt(7); count > 0; count--) {
            values.add("" + (char) ('a' + random.nextInt(4)) + (random.nextBoolean() ? ":x" : ""));
        }
        return ScopeSet.of(values);
    }

    @Test
    void what_was_printed_is_read_back() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            ScopeSet scope = random(random);

            assertThat(ScopeSet.parse(scope.toString())).isEqualTo(scope).hasSameHashCodeAs(scope);
            assertThat(ScopeSet.parse(" " + scope.toString().replace(" ", "   ") + " "))
                    .isEqualTo(scope);
        }
    }

    @Test
    void an_intersection_is_never_wider_than_either_side_and_keeps_the_order_of_the_first() {
        Random random = new Random(6);
        for (int i = 0; i < 2_000; i++) {
            ScopeSet asked = random(random);
            ScopeSet granted = random(random);

            ScopeSet both = asked.intersect(granted);

            assertThat(granted.values()).containsAll(both.values());
            assertThat(asked.values().stream().filter(both::contains).toList()).isEqualTo(both.values());
            assertThat(both.values())
                    .hasSize(asked.values().size()
                            - asked.without(granted).values().size());
        }
    }

    @Test
    void values_are_distinct_and_keep_their_order() {
        assertThat(ScopeSet.parse("b a b").values()).containsExactly("b", "a");
        assertThat(ScopeSet.parse("b a")).isNotEqualTo(ScopeSet.parse("a b"));
        assertThat(ScopeSet.parse("   ")).isSameAs(ScopeSet.EMPTY);
        assertThat(ScopeSet.EMPTY.toString()).isEmpty();
    }
}
