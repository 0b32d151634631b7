package dev.jeton.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program to be run to its end, with an environment that is given whole. What it says on its standard error is
 * dropped.
 *
 * @param input what it reads; nothing if empty
 * @param atMost how long it may take
 * @param mostBytes how much of its output is kept
 */
record ChildProcess(
        List<String> command,
        Path directory,
        Map<String, String> environment,
        Optional<Path> input,
        Duration atMost,
        int mostBytes) {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /** How it ended, and what it printed. */
    record Ended(int status, String output) {}

    /**
     * Runs it; nothing of it is left afterwards.
     *
     * @throws TimeoutException if it took too long
     */
    Ended run() throws IOException, TimeoutException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Redirect.from(input.map(Path::toFile).orElse(new File("/dev/null"))))
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            FutureTask<String> output = new FutureTask<>(() -> beginning(process.getInputStream()));
            Thread.ofPlatform().name("jeton-output").daemon().start(output);
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException();
            }
            return new Ended(process.exitValue(), output.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Failure.refused("interrupted");
        } finally {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Reads to the end, so that the program never waits, and keeps what comes first. */
    private String beginning(InputStream output) throws IOException {
        byte[] kept = output.readNBytes(mostBytes);
        output.transferTo(OutputStream.nullOutputStream());
        return new String(kept, StandardCharsets.UTF_8);
    }
}
