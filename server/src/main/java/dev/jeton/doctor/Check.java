package dev.jeton.doctor;

import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One thing that is looked at, under its name in the report. */
record Check(String name, Look look) {
    /** May throw whatever it likes, and take as long. */
    @FunctionalInterface
    interface Look {
        List<Finding> findings() throws Exception;
    }

    /** Looks, on a thread of its own: a disk or a name server that says nothing holds nobody else up. */
    List<Finding> run(Duration atMost) {
        FutureTask<List<Finding>> task = new FutureTask<>(look::findings);
        Thread.ofPlatform().daemon().name("jeton-doctor").start(task);
        try {
            return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return List.of(Finding.fail(
                    "this check did not end within " + atMost.toSeconds() + " s",
                    "what it asks does not answer: a disk, a network file system, a name server or a network"));
        } catch (ExecutionException e) {
            return List.of(
                    e.getCause() instanceof AccessDeniedException denied
                            ? Finding.fail(
                                    "user " + System.getProperty("user.name") + " may not read " + denied.getFile(),
                                    "run doctor as the user that the server runs as")
                            : Finding.fail(
                                    "this check could not be made: " + e.getCause(),
                                    "if what it says does not help, report it: doctor should have known this case"));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of(Finding.fail("this check was interrupted", "run doctor again"));
        }
    }
}
