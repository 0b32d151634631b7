package dev.jeton.samples.timesheets.upload;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the job was told to stop. It then finishes what is under way and says how far it came. */
final class StopSignal {
    /** Longer than a request takes, shorter than a service manager waits before it kills. */
    private static final Duration TO_FINISH = Duration.ofSeconds(60);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    void ask() {
        asked.countDown();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits, and no longer once the job is told to stop; whether it is. */
    boolean pause(Duration time) throws InterruptedException {
        return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The job has said how far it came. */
    void finished() {
        finished.countDown();
    }

    /** Tells the job to stop as soon as this process is told to end, which then waits for it. */
    void atShutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::askAndWait, "told-to-stop"));
    }

    private void askAndWait() {
        boolean endsByItself = finished.getCount() == 0;
        ask();
        if (!endsByItself) {
            System.err.println("timesheets-import: stopping after the entry under way");
        }
        try {
            if (!finished.await(TO_FINISH.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("timesheets-import: ended in the middle of a request; run it again to go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
