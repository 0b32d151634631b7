package dev.jeton.samples.timesheets.upload;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What surrounds the job.
 *
 * @param terminal whether somebody watches {@code out}
 */
record Shell(
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        InstantSource clock,
        RandomGenerator random,
        StopSignal stop,
        Pause pause) {

    /** Waits, and says whether the job was told to stop meanwhile. */
    @FunctionalInterface
    interface Pause {
        boolean take(Duration time) throws InterruptedException;
    }
}
