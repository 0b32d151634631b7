package dev.jeton.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Something to be undone should this process be told to end meanwhile, as by Ctrl-C; what was begun last is undone first.
 * No longer once it is closed.
 */
final class AtShutdown implements AutoCloseable {
    private static final Deque<AtShutdown> PENDING = new ArrayDeque<>();
    private static boolean isHooked;
    private static boolean isEnding;

    private final Runnable undoing;

    private AtShutdown(Runnable undoing) {
        this.undoing = undoing;
    }

    /** @param undoing may be called while it is being done already */
    static AtShutdown undo(Runnable undoing) {
        synchronized (PENDING) {
            if (isEnding) {
                throw Failure.refused("interrupted"); // nobody would undo it any more
            }
            if (!isHooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(AtShutdown::undoAll, "jeton-shutdown"));
                isHooked = true;
            }
            AtShutdown pending = new AtShutdown(undoing);
            PENDING.push(pending);
            return pending;
        }
    }

    private static void undoAll() {
        synchronized (PENDING) {
            isEnding = true;
            PENDING.forEach(pending -> pending.undoing.run());
        }
    }

    @Override
    public void close() {
        synchronized (PENDING) {
            PENDING.remove(this);
        }
    }
}
