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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program to be run to its end, with an environment that is given whole. It ends with this process at the latest.
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
    private static final int MOST_COMPLAINT_BYTES = 4_096;

    /**
     * How it ended, and what it printed.
     *
     * @param complaint the first line on its standard error; empty if there was none
     */
    record Ended(int status, String output, String complaint) {}

    /**
     * Runs it; nothing of it is left afterwards.
     *
     * @throws TimeoutException if it took too long
     */
    Ended run() throws IOException, TimeoutException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Redirect.from(input.map(Path::toFile).orElse(new File("/dev/null"))));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (AtShutdown _ = AtShutdown.undo(() -> end(process))) {
            FutureTask<String> output = reading(process.getInputStream(), mostBytes);
            FutureTask<String> errors = reading(process.getErrorStream(), MOST_COMPLAINT_BYTES);
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException();
            }
            return new Ended(process.exitValue(), lastWords(output), complaint(errors));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Failure.refused("interrupted");
        } finally {
            end(process);
        }
    }

    /** Whatever it has started ends too; and is waited for, since it may write files to its last moment. */
    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Reads to the end, so that the program never waits, and keeps what comes first. */
    private static FutureTask<String> reading(InputStream output, int mostBytes) {
        FutureTask<String> reading = new FutureTask<>(() -> {
            byte[] kept = output.readNBytes(mostBytes);
            output.transferTo(OutputStream.nullOutputStream());
            return new String(kept, StandardCharsets.UTF_8);
        });
        Thread.ofPlatform().name("jeton-output").daemon().start(reading);
        return reading;
    }

    private static String lastWords(FutureTask<String> reading)
            throws InterruptedException, ExecutionException, TimeoutException {
        return reading.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String complaint(FutureTask<String> errors) throws InterruptedException, ExecutionException {
        try {
            return lastWords(errors)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (TimeoutException _) {
            return ""; // something that it left behind may still complain
        }
    }
}
