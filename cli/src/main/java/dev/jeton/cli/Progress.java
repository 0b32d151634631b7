package dev.jeton.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A line on the terminal that says what takes longer than a second, and is gone when that is over. Where standard error
 * is no terminal nothing is said: a log has no use for it.
 */
final class Progress {
    /** Lets something happen each second, until what it gives is run. */
    interface Seconds {
        Runnable each(Runnable tick);

        static Runnable pass(Runnable tick) {
            CountDownLatch end = new CountDownLatch(1);
            Thread.ofPlatform().name("jeton-progress").daemon().start(() -> {
                try {
                    while (!end.await(1, TimeUnit.SECONDS)) {
                        tick.run();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            return end::countDown;
        }
    }

    private final Output err;
    private final boolean isShown;
    private final Seconds seconds;
    private boolean isBusy;

    /** @param isShown whether there is a terminal, and a person who reads it */
    Progress(Output err, boolean isShown, Seconds seconds) {
        this.err = err;
        this.isShown = isShown;
        this.seconds = seconds;
    }

    /** Something begins that may take long. What belongs to something longer leaves the line to that. */
    Stage during(String what) {
        return new Stage(what);
    }

    /** Something that takes its time, until it is closed. */
    final class Stage implements AutoCloseable {
        private final Runnable end;
        private final boolean isSilent;
        private String what;
        private int passed;
        private boolean isOver;

        private Stage(String what) {
            this.what = what;
            this.isSilent = !isShown || isBusy;
            this.end = isSilent ? () -> {} : seconds.each(this::tick);
            isBusy = true;
        }

        /** It has come so far. */
        synchronized void at(String point) {
            what = point;
        }

        private synchronized void tick() {
            if (!isOver) {
                passed++;
                err.rewrite(what, ", " + passed + " s");
            }
        }

        @Override
        public synchronized void close() {
            isOver = true;
            end.run();
            if (passed > 0) {
                err.rewrite("", "");
            }
            if (!isSilent) {
                isBusy = false;
            }
        }
    }
}
