package dev.jeton.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.e2e.FreePort;
import dev.jeton.e2e.Jeton;
import dev.jeton.e2e.Jeton.Result;
import dev.jeton.e2e.RunningServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that is killed and started again: always on the same port, in the same folder, with the same settings. */
final class MortalServer implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Jeton jeton;
    private final String[] serve;
    private final String base;
    private final List<Duration> starts = new ArrayList<>();
    private Optional<RunningServer> running = Optional.empty();

    /** @param folder where it runs, with {@code data} in it */
    MortalServer(Path folder, Map<String, String> settings) throws IOException {
        int port = FreePort.next();
        this.folder = folder;
        this.jeton = new Jeton(folder).with(settings);
        this.serve = new String[] {"serve", "--port", Integer.toString(port), "--data", "data"};
        this.base = "http://127.0.0.1:" + port + "/";
    }

    /** Its issuer too, unless the settings name another. */
    String base() {
        return base;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** The command line, where this server's data folder is found. */
    Jeton commandLine() {
        return jeton;
    }

    /** Returns when it is ready. */
    void start() {
        long began = System.nanoTime();
        running = Optional.of(jeton.start(serve));
        starts.add(Duration.ofNanos(System.nanoTime() - began));
    }

    /** Starts it where that must fail; returns how. */
    Result tryToStart() {
        return jeton.run(serve);
    }

    /** How long each start took. */
    List<Duration> starts() {
        return starts;
    }

    RunningServer running() {
        return running.orElseThrow();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString());
    }

    void kill() throws IOException {
        RunningServer killed = running();
        running = Optional.empty();
        killed.kill();
        requireNoFault(killed.out() + killed.err());
    }

    /** Starts it, and kills it so long after; what it was doing is not known. */
    void killWhileItStarts(Duration after) throws IOException, InterruptedException {
        Process starting = jeton.launch(serve);
        // Not a wait for anything: the moment is the test's.
        boolean ended = starting.waitFor(after.toNanos(), TimeUnit.NANOSECONDS);
        starting.destroyForcibly();
        starting.waitFor();
        String printed = Files.readString(folder.resolve("launched.txt"));
        assertThat(ended).as(printed).isFalse();
        requireNoFault(printed);
    }

    /** A kill is no reason for a server that is started afterwards to complain. */
    private static void requireNoFault(String printed) {
        assertThat(printed.lines().filter(line -> line.contains("\"ERROR\"") || line.startsWith("jeton: ")))
                .isEmpty();
    }

    /** Removes its data folder; it does not run. */
    void forget() throws IOException {
        if (Files.notExists(data())) {
            return;
        }
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Ends it gently, if it runs. */
    @Override
    public void close() {
        running.ifPresent(RunningServer::close);
    }
}
