package dev.jeton.token;

import dev.jeton.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts failed authentications by address, and by address and client id, in windows of a minute. Only a request that fails is ever
 * throttled: right credentials always pass, so that nobody can lock a client out.
 */
final class FailedAuthentications {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** So many addresses and clients are counted one by one in a window; further ones are not throttled. */
    private static final int MOST_COUNTED = 100_000;

    private record Window(long number, ConcurrentHashMap<String, AtomicLong> failures) {}

    private final InstantSource clock;
    private final Config.Throttle throttle;
    private volatile Window window = new Window(-1, new ConcurrentHashMap<>());

    FailedAuthentications(InstantSource clock, Config.Throttle throttle) {
        this.clock = clock;
        this.throttle = throttle;
    }

    /** Counts one; if there were too many, how long to wait. */
    Optional<Duration> record(String address, Optional<String> clientId) {
        if (!throttle.enabled()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        long number = Math.floorDiv(now.toEpochMilli(), WINDOW.toMillis());
        Window current = window;
        if (current.number() != number) {
            // Two threads may both begin the window: a few counts are lost, no limit is lowered.
            current = new Window(number, new ConcurrentHashMap<>());
            window = current;
        }
        boolean addressIsOver = isOver(current, address, throttle.failuresPerMinuteByAddress());
        boolean clientIsOver = clientId.isPresent()
                && isOver(current, address + " " + clientId.get(), throttle.failuresPerMinuteByClientAndAddress());
        return addressIsOver || clientIsOver
                ? Optional.of(Duration.ofMillis((number + 1) * WINDOW.toMillis() - now.toEpochMilli()))
                : Optional.empty();
    }

    private static boolean isOver(Window window, String key, int most) {
        if (window.failures().size() >= MOST_COUNTED && !window.failures().containsKey(key)) {
            return false;
        }
        return window.failures().computeIfAbsent(key, _ -> new AtomicLong()).incrementAndGet() > most;
    }
}
