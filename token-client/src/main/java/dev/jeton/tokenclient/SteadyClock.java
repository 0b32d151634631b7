package dev.jeton.tokenclient;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The wall clock or the JDK's counter of elapsed time, whichever is ahead. A wall clock that is set back would bring an
 * expired token back to life; the counter stands still while a machine sleeps.
 */
final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant start;
    private final long startNanos;

    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.start = wall.instant();
        this.startNanos = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        Instant counted = start.plusNanos(nanos.getAsLong() - startNanos);
        Instant shown = wall.instant();
        return shown.isAfter(counted) ? shown : counted;
    }
}
