package dev.jeton.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One event loop's open connections, so that those which are slow on purpose end: the engine's own idle timeout starts
 * anew at each message. Used by that event loop alone.
 */
final class Connections {
    private final Set<Peer> open = new HashSet<>();
    /** Exchanges whose body has not arrived, and since when; the eldest first. */
    private final Map<Exchange, Long> waiting = new LinkedHashMap<>();

    private final Admission admission;
    private final Duration headerTimeout;
    private final Duration idleTimeout;

    Connections(HttpEngine.Settings settings, Admission admission) {
        this.admission = admission;
        this.headerTimeout = settings.headerTimeout();
        this.idleTimeout = settings.idleTimeout();
    }

    void opened(HttpConnection connection) {
        Peer peer = Peer.of(connection);
        if (!peer.hasLeft()) {
            peer.opened(connection, this);
            open.add(peer);
        }
    }

    void left(Peer peer) {
        open.remove(peer);
    }

    /** Its client has a header timeout from now to send the rest. */
    void waitsForClient(Exchange exchange) {
        waiting.put(exchange, System.nanoTime());
    }

    void waitsNoMore(Exchange exchange) {
        waiting.remove(exchange);
    }

    void closeTheSlow(long nowNanos) {
        admission.cutOffTheSilent(nowNanos);
        List<Exchange> slow = new ArrayList<>();
        for (Map.Entry<Exchange, Long> entry : waiting.entrySet()) {
            if (nowNanos - entry.getValue() < headerTimeout.toNanos()) {
                break;
            }
            slow.add(entry.getKey());
        }
        slow.forEach(Exchange::cutOffConnection);
        // Who keeps a connection for later must open it anew when others find no room.
        Duration limit = admission.isCrowded() ? headerTimeout.dividedBy(5) : idleTimeout;
        List<Peer> resting =
                open.stream().filter(peer -> peer.rests(nowNanos, limit)).toList();
        resting.forEach(Peer::close);
    }
}
