package dev.jeton.operations;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BufferedConsoleTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    /** A line is its message. */
    private static final class Messages extends EncoderBase<ILoggingEvent> {
        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            return (event.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }
    }

    private static LoggingEvent event(Level level, String message) {
        LoggingEvent event = new LoggingEvent();
        event.setLevel(level);
        event.setMessage(message);
        return event;
    }

    private static BufferedConsole console(PrintStream out) {
        return new BufferedConsole(new Messages(), out);
    }

    @Test
    void a_flush_writes_the_lines_in_their_order_and_each_once() {
        BufferedConsole console = console(new PrintStream(written, false, StandardCharsets.UTF_8));
        console.append(event(Level.INFO, "first"));
        console.append(event(Level.WARN, "second"));
        console.flush();
        console.append(event(Level.INFO, "third"));
        console.flush();
        console.flush();

        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("first\nsecond\nthird\n");
    }

    @Test
    void lines_leave_by_themselves() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        BufferedConsole console = console(new PrintStream(written, false, StandardCharsets.UTF_8) {
            @Override
            public void flush() {
                left.countDown();
            }
        });
        console.start();
        console.append(event(Level.INFO, "on its own"));

        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void what_exceeds_the_bound_is_counted_and_told() {
        BufferedConsole console = console(new PrintStream(written, false, StandardCharsets.UTF_8));
        String long3MiB = "x".repeat(3 * 1024 * 1024);
        console.append(event(Level.INFO, long3MiB));
        console.append(event(Level.INFO, long3MiB));
        console.append(event(Level.INFO, long3MiB));
        console.flush();

        assertThat(written.toString(StandardCharsets.UTF_8))
                .startsWith(long3MiB + "\n")
                .endsWith("\"2 log lines were lost: standard output took none\"}\n");
    }
}
