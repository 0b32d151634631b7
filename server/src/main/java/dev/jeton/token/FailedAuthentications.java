package dev.jeton.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts failed authentications by address and by client id, in windows of a minute. Only a request that fails is ever
 * throttled: right credentials always pass, so that nobody can lock a client out.
 */
final class FailedAuthentications {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** So many addresses and clients are counted one by one in a window; further ones are not throttled. */
    private static final int MOST_COUNTED = 100_000;

    private record Window(long number, ConcurrentHashMap<String, AtomicLong> failures) {}

    private final InstantSource clock;
    private final int mostPerAddress;
    private final int mostPerClient;
    private volatile Window window = new Window(-1, new ConcurrentHashMap<>());

    /** @param mostPerAddress failures a minute, likewise {@code mostPerClient}; 0 for no limit */
    FailedAuthentications(InstantSource clock, int mostPerAddress, int mostPerClient) {
        this.clock = clock;
        this.mostPerAddress = mostPerAddress;
        this.mostPerClient = mostPerClient;
    }

    /** Counts one; if there were too many, how long to wait. */
    Optional<Duration> record(String address, Optional<String> clientId) {
        Instant now = clock.instant();
        long number = Math.floorDiv(now.toEpochMilli(), WINDOW.toMillis());
        Window current = window;
        if (current.number() != number) {
            // Two threads may both begin the window: a few counts are lost, no limit is lowered.
            current = new Window(number, new ConcurrentHashMap<>());
            window = current;
        }
        boolean addressIsOver = isOver(current, "a" + address, mostPerAddress);
        boolean clientIsOver = clientId.isPresent() && isOver(current, "c" + clientId.get(), mostPerClient);
        return addressIsOver || clientIsOver
                ? Optional.of(Duration.ofMillis((number + 1) * WINDOW.toMillis() - now.toEpochMilli()))
                : Optional.empty();
    }

    private static boolean isOver(Window window, String key, int most) {
        if (most == 0 || (window.failures().size() >= MOST_COUNTED && !window.failures().containsKey(key))) {
            return false;
        }
        return window.failures().computeIfAbsent(key, _ -> new AtomicLong()).incrementAndGet() > most;
    }
}
