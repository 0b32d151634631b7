package dev.jeton.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server in a process of its own, from its line {@code … is ready at …} to the end of the process. */
public final class RunningServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Path err;
    private final Queue<String> out = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private final String issuer;

    private RunningServer(Process process, Path err, String ready) throws IOException {
        this.process = process;
        this.err = err;
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        this.issuer = readUntilReady(lines, ready);
        this.reader = Thread.ofVirtual().start(() -> lines.lines().forEach(out::add));
    }

    /** @param ready what stands before its address in the line that says that it is ready */
    static RunningServer of(Process process, Path err, String ready) throws IOException {
        try {
            return new RunningServer(process, err, ready);
        } catch (IOException | RuntimeException | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private String readUntilReady(BufferedReader lines, String ready) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.add(line);
            int at = line.indexOf(ready);
            if (at >= 0) {
                return line.substring(at + ready.length()).replaceFirst(" .*", "");
            }
        }
        throw new AssertionError("the server ended before it was ready\n" + String.join("\n", out) + "\n" + err());
    }

    /** As printed; ends with a slash. */
    public String issuer() {
        return issuer;
    }

    /** What it has printed so far. */
    public String out() {
        return String.join("\n", out) + "\n";
    }

    public String err() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long processId() {
        return process.pid();
    }

    /** Ends it as a power failure does: none of its code runs any more. */
    public void kill() {
        process.toHandle().destroyForcibly();
        ended();
    }

    /** Stops it where it stands, as a suspended machine does, until {@link #resume}. */
    public void pause() {
        Signal.send("STOP", List.of(process.toHandle()));
    }

    public void resume() {
        Signal.send("CONT", List.of(process.toHandle()));
    }

    /** How many file descriptors it has open. */
    public int openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(processId()), "fd"))) {
            return (int) files.count();
        }
    }

    /** The memory that it holds, in bytes. */
    public long residentBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(processId()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Sends SIGTERM and goes on. */
    public void terminate() {
        // Not by Process, which closes what it prints on its way out.
        process.toHandle().destroy();
    }

    /** Waits for the end; returns the exit code. */
    public int ended() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the server does not end\n" + out() + err());
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        terminate();
        ended();
    }
}
