package dev.jeton.operations;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.locks.LockSupport;

/**
 * Log lines to standard output, written by a thread of their own: a line a request is a system call a request otherwise,
 * and an event loop would stand still when the reader of a pipe does.
 *
 * <p>Lines leave within a tenth of a second, warnings and worse at once. While standard output takes nothing and the
 * bound is reached, further lines are lost; the next one that leaves says how many.
 */
final class BufferedConsole extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final long PATIENCE_NANOS = 100_000_000;
    private static final int MAX_WAITING_BYTES = 4 * 1024 * 1024;
    private static final int WORTH_A_WRITE = 64 * 1024;

    private final Encoder<ILoggingEvent> encoder;
    private final PrintStream out;
    private final Object lock = new Object();
    private final Object writing = new Object();
    private final Thread thread = Thread.ofPlatform().name("jeton-log").daemon().unstarted(this::run);
    private ByteArrayOutputStream waiting = new ByteArrayOutputStream(WORTH_A_WRITE);
    private ByteArrayOutputStream spare = new ByteArrayOutputStream(WORTH_A_WRITE);
    private long lost;
    private volatile boolean urgent;

    BufferedConsole(Encoder<ILoggingEvent> encoder, PrintStream out) {
        this.encoder = encoder;
        this.out = out;
    }

    @Override
    public void start() {
        super.start();
        thread.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        byte[] line = encoder.encode(event);
        boolean wakes;
        synchronized (lock) {
            int before = waiting.size();
            if (before + line.length > MAX_WAITING_BYTES) {
                lost++;
                return;
            }
            waiting.writeBytes(line);
            wakes = before == 0;
            if (event.getLevel().isGreaterOrEqual(Level.WARN)
                    || (before < WORTH_A_WRITE && waiting.size() >= WORTH_A_WRITE)) {
                urgent = true;
                wakes = true;
            }
        }
        if (wakes) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (true) {
            LockSupport.park(this);
            long began = System.nanoTime();
            long left = PATIENCE_NANOS;
            while (left > 0 && !urgent) {
                LockSupport.parkNanos(this, left);
                left = PATIENCE_NANOS - (System.nanoTime() - began);
            }
            flush();
        }
    }

    /** Writes what waits; returns when it is written. */
    void flush() {
        synchronized (writing) {
            ByteArrayOutputStream lines;
            long missing;
            synchronized (lock) {
                urgent = false;
                missing = lost;
                lost = 0;
                lines = waiting;
                waiting = spare;
            }
            out.writeBytes(lines.toByteArray());
            if (missing > 0) {
                out.println("{\"level\":\"WARN\",\"message\":\"" + missing
                        + " log lines were lost: standard output took none\"}");
            }
            out.flush();
            lines.reset();
            spare = lines;
        }
    }
}
