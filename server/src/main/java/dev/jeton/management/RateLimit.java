package dev.jeton.management;

import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests of one client or administrator are answered in a second, and the headers by which tools pace themselves. */
public final class RateLimit {
    /** What the headers name where there is no limit: so much that no tool waits. */
    private static final int NONE = 10_000;

    private record Window(long second, Map<Actor, Integer> taken) {}

    /** A request's place in its window. */
    record Place(int limit, int remaining, long reset, boolean isWithin) {
        Response in(Response answer) {
            return answer.with("x-ratelimit-limit", Integer.toString(limit))
                    .with("x-ratelimit-remaining", Integer.toString(remaining))
                    .with("x-ratelimit-reset", Long.toString(reset));
        }

        Response refusal() {
            return in(new ApiError(429, "Global limit has been reached", "too_many_requests").response())
                    .with("Retry-After", "1");
        }
    }

    private final int limit;
    private final InstantSource clock;
    private Window window = new Window(0, new ConcurrentHashMap<>());

    /** @param limit 0 for none */
    public RateLimit(int limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    Place take(Actor who) {
        Window now = now();
        int taken = now.taken().merge(who, 1, Integer::sum);
        int most = limit == 0 ? NONE : limit;
        return new Place(most, Math.max(0, most - taken), now.second() + 1, limit == 0 || taken <= limit);
    }

    private synchronized Window now() {
        long second = clock.instant().getEpochSecond();
        if (window.second() != second) {
            window = new Window(second, new ConcurrentHashMap<>());
        }
        return window;
    }
}
