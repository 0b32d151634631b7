package dev.jeton.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Three connections at most, and memory for a head of 10,000 octets. */
class AdmissionTest {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Admission admission = new Admission(3, 240_000, SILENCE);
    private final EmbeddedChannel listener = new EmbeddedChannel(admission);

    private EmbeddedChannel accepted() throws Exception {
        EmbeddedChannel connection = new EmbeddedChannel(false, false);
        if (isLetIn(connection)) {
            connection.register();
        }
        return connection;
    }

    /** It is given to its event loop by being registered. */
    private boolean isLetIn(EmbeddedChannel connection) {
        listener.writeInbound(connection);
        return listener.inboundMessages().poll() != null;
    }

    private static void send(EmbeddedChannel connection, int octets) {
        connection.writeInbound(Unpooled.copiedBuffer("x".repeat(octets), StandardCharsets.US_ASCII));
    }

    @Test
    void who_comes_when_all_is_taken_gets_the_place_of_the_longest_silent() throws Exception {
        EmbeddedChannel first = accepted();
        EmbeddedChannel second = accepted();
        EmbeddedChannel third = accepted();

        EmbeddedChannel fourth = accepted();

        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(third.isOpen()).isTrue();
        assertThat(fourth.isOpen()).isTrue();
    }

    @Test
    void a_place_that_was_left_is_taken_first() throws Exception {
        EmbeddedChannel first = accepted();
        var _ = accepted().close();
        accepted();

        accepted();

        assertThat(first.isOpen()).isTrue();
    }

    @Test
    void who_has_left_is_not_the_longest_silent() throws Exception {
        for (int i = 0; i < 10; i++) {
            var _ = accepted().close();
        }
        EmbeddedChannel first = accepted();
        accepted();
        accepted();

        accepted();

        assertThat(first.isOpen()).isFalse();
    }

    /** An event loop may be busy while many more come. */
    @Test
    void who_is_let_in_is_counted_before_its_event_loop_knows_it() {
        for (int i = 0; i < 3; i++) {
            assertThat(isLetIn(new EmbeddedChannel(false, false))).isTrue();
        }
        EmbeddedChannel fourth = new EmbeddedChannel(false, false);

        assertThat(isLetIn(fourth)).isFalse();
        assertThat(fourth.isOpen()).isFalse();
    }

    @Test
    void who_says_nothing_for_too_long_is_cut_off() throws Exception {
        EmbeddedChannel connection = accepted();
        long now = System.nanoTime();

        admission.cutOffTheSilent(now + SILENCE.toNanos() - 1_000_000_000);
        assertThat(connection.isOpen()).isTrue();

        admission.cutOffTheSilent(now + SILENCE.toNanos());
        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void heads_that_do_not_end_take_no_more_than_their_share_and_small_ones_pass() throws Exception {
        EmbeddedChannel large = accepted();
        EmbeddedChannel small = accepted();

        send(large, 9_000);
        send(small, 2_000);
        assertThat(admission.isFull()).isTrue();
        assertThat(small.isOpen()).isTrue();
        assertThat(large.isOpen()).isTrue();

        send(large, 1);
        assertThat(large.isOpen()).isFalse();
        assertThat(admission.isFull()).isFalse();
        assertThat(small.isOpen()).isTrue();
    }
}
