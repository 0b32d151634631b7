package dev.jeton.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharedValuesTest {
    private int read;
    private final SharedValues<List<String>> values = new SharedValues<>(text -> {
        read++;
        return List.of(text);
    });

    @Test
    void reads_a_text_once_and_gives_the_same_value_again() {
        List<String> first = values.of("a");

        assertThat(values.of("b")).containsExactly("b");
        assertThat(values.of("a")).isSameAs(first).containsExactly("a");
        assertThat(read).isEqualTo(2);
    }

    @Test
    void keeps_no_long_text() {
        String longText = "x".repeat(1_025);

        assertThat(values.of(longText)).isNotSameAs(values.of(longText)).containsExactly(longText);
    }

    @Test
    void begins_anew_after_many_different_texts() {
        List<String> first = values.of("a");
        for (int i = 0; i < 10_000; i++) {
            assertThat(values.of("text " + i)).containsExactly("text " + i);
        }

        assertThat(values.of("a")).isNotSameAs(first).containsExactly("a");
    }
}
