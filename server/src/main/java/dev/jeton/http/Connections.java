package dev.jeton.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One event loop's open connections, so that those which are slow on purpose end: the engine's own idle timeout starts
 * anew at each octet. Used by that event loop alone.
 */
final class Connections {
    private static final class State {
        /** When the connection was opened or its last request ended, or the running request's head arrived. */
        private long sinceNanos;

        private int running;
        private boolean bodyMissing;
        private boolean hasAsked;
    }

    private final Map<HttpConnection, State> open = new HashMap<>();
    private final Duration headerTimeout;
    private final Duration idleTimeout;
    private final int most;

    Connections(HttpEngine.Settings settings) {
        this.headerTimeout = settings.headerTimeout();
        this.idleTimeout = settings.idleTimeout();
        this.most = Math.max(1, settings.maxConnections() / settings.eventLoops());
    }

    void opened(HttpConnection connection) {
        if (open.size() >= most) {
            connection.close();
            return;
        }
        State state = new State();
        state.sinceNanos = System.nanoTime();
        open.put(connection, state);
        connection.closeHandler(_ -> open.remove(connection));
    }

    void requestBegan(HttpConnection connection) {
        State state = open.get(connection);
        if (state != null) {
            state.running++;
            state.hasAsked = true;
            state.bodyMissing = true;
            state.sinceNanos = System.nanoTime();
        }
    }

    void bodyArrived(HttpConnection connection) {
        State state = open.get(connection);
        if (state != null) {
            state.bodyMissing = false;
        }
    }

    void requestEnded(HttpConnection connection) {
        State state = open.get(connection);
        if (state != null) {
            state.running--;
            state.bodyMissing = false;
            state.sinceNanos = System.nanoTime();
        }
    }

    void closeTheSlow(long nowNanos) {
        for (Map.Entry<HttpConnection, State> entry : Map.copyOf(open).entrySet()) {
            State state = entry.getValue();
            boolean answering = state.running > 0 && !state.bodyMissing;
            Duration limit = state.running > 0 || !state.hasAsked ? headerTimeout : idleTimeout;
            if (!answering && nowNanos - state.sinceNanos > limit.toNanos()) {
                entry.getKey().close();
            }
        }
    }
}
