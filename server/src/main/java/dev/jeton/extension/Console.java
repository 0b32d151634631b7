package dev.jeton.extension;

import org.jspecify.annotations.Nullable;

/** Where the lines go that users' code writes with {@code console}. */
interface Console {
    /** How long a line is at most; what is behind is cut off. */
    int MAX_TEXT = 1_024;

    /**
     * A line, of printable characters only.
     *
     * @param scriptId the Hook or the Action that wrote it
     * @param level {@code log}, {@code info}, {@code warn}, {@code error} or {@code debug}
     * @param requestId the request on whose behalf it ran; null for code that ran outside of any
     */
    record Line(
            String scriptId,
            String level,
            String text,
            @Nullable String requestId) {}

    /** Takes a line in; never waits. */
    void write(Line line);
}
