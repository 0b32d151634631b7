package dev.jeton.http;

import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server with one event loop, which lets in one connection at a time and handles posts to {@code /}. */
final class NarrowServer implements AutoCloseable {
    /** Bytes that unfinished requests may take. */
    static final long MEMORY = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admission admission = new Admission(1, MEMORY, PATIENCE);
    private final HttpEngine engine = new HttpEngine(
            new HttpEngine.Settings(
                    "127.0.0.1", 0, 1, 1, 16_384, PATIENCE, PATIENCE, 1, new TrustedProxies(_ -> false)),
            () -> "0123456789abcdef0123",
            TlsEngine.JDK,
            admission);
    /** What {@link #leave} has taken. */
    private long taken;

    /** Listens; returns the port. */
    int listen(HttpEngine.@Nullable TlsIdentity tls, Runs runs, Handler handler) {
        Router router = new Router();
        router.add(new Route("POST", "/", runs, "NarrowServer", "public", 65_536, handler));
        engine.serve(router);
        return engine.listen(tls);
    }

    /** From now on that much of the memory is there for requests, less than nothing if negative. */
    void leave(long bytes) {
        long takes = MEMORY - bytes;
        admission.hold(takes - taken);
        taken = takes;
    }

    /** Whether requests take more than was left for them. */
    boolean isFull() {
        return admission.isFull();
    }

    /** Whether requests take neither a byte nor less. */
    boolean holdsNothing() {
        leave(0);
        boolean isLittle = !isFull();
        leave(-1);
        boolean isMuch = isFull();
        leave(MEMORY);
        return isLittle && isMuch;
    }

    @Override
    public void close() {
        engine.close();
    }
}
