package dev.jeton.tokenclient;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A clock that never goes back: the JDK's counter of elapsed time, moved on to the wall clock's time where that is ahead.
 * A wall clock that is set back would bring an expired token back to life; the counter stands still while a machine
 * sleeps.
 */
final class SteadyClock implements InstantSource {
    /** The two always drift apart a little; only a jump is worth to follow. */
    private static final Duration DRIFT = Duration.ofSeconds(1);

    private record Base(Instant instant, long nanos) {}

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final AtomicReference<Base> base;

    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.base = new AtomicReference<>(new Base(wall.instant(), nanos.getAsLong()));
    }

    @Override
    public Instant instant() {
        Base last = base.get();
        long counter = nanos.getAsLong();
        Instant counted = last.instant().plusNanos(counter - last.nanos());
        Instant shown = wall.instant();
        if (!shown.isAfter(counted.plus(DRIFT))) {
            return counted;
        }
        base.compareAndSet(last, new Base(shown, counter)); // if another thread was first, it saw the same jump
        return shown;
    }
}
