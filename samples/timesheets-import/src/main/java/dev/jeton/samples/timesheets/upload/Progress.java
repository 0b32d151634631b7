package dev.jeton.samples.timesheets.upload;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Says how far the upload is: on a terminal in one line that changes, elsewhere in a line now and then. */
final class Progress {
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(100);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final InstantSource clock;
    private Instant next;
    private int tenths;

    Progress(PrintStream out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.next = terminal ? Instant.MIN : clock.instant().plus(BETWEEN_LINES); // a short upload needs none
    }

    void show(int done, int total) {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        String state = done + " of " + total + " entries";
        if (terminal) {
            out.print(CLEAR_LINE + state);
            out.flush();
            next = now.plus(BETWEEN_CHANGES);
        } else if (done * 10L / total > tenths) {
            out.println(state);
            tenths = (int) (done * 10L / total);
            next = now.plus(BETWEEN_LINES);
        }
    }

    /** A line that stays. */
    void line(String text) {
        out.println((terminal ? CLEAR_LINE : "") + text);
    }

    /** Takes the changing line away. */
    void end() {
        if (terminal) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
