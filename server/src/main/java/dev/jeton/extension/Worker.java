package dev.jeton.extension;

import dev.jeton.audit.AuditEvent.Execution;
import dev.jeton.oauth.OAuthError.RefusalCode;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Node.js process that runs one bundle, for many calls at a time, and the thread that hears it. What the process
 * sends is a stranger's: a line that is not of the protocol ends it.
 */
final class Worker {
    /** Told on the worker's thread. */
    interface Owner {
        void isReady(Worker worker);

        /** It is alive; told several times a second. */
        void isAlive(Worker worker);

        /** {@code failure} is why it could not start; null if it had started. */
        void hasEnded(Worker worker, @Nullable RefusedByExtension failure);
    }

    private static final class ProtocolException extends IOException {
        private static final long serialVersionUID = 1;

        ProtocolException(String message) {
            super(message);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final File NOTHING = new File("/dev/null");
    private static final String TIMED_OUT = "Request to Webtask exceeded allowed execution time";
    private static final String NOT_COMPILED = "Unable to compile the extensibility code as javascript";
    private static final String ENDED = "The worker ended before it answered";

    static final Duration START_WITHIN = Duration.ofSeconds(10);
    static final Duration STOP_WITHIN = Duration.ofSeconds(5);
    /** How late a deadline may be noticed. */
    private static final long TICK_MS = 100;
    /** A result may have 256 KiB; escapes and the reason of an error come on top. */
    private static final int MAX_LINE_BYTES = 512 << 10;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");
    private static final int MAX_LOG_LINES_PER_SECOND = 100;
    private static final Set<String> LEVELS = Set.of("log", "info", "warn", "error", "debug");

    /** {@code sentNanos} in the time of {@link System#nanoTime}. */
    private record InFlight(ExchangeCall call, long sentNanos) {}

    private final WorkerRuntime runtime;
    private final Bundle bundle;
    private final WorkerPool.Dependencies dependencies;
    private final Duration deadline;
    private final Console console;
    private final Owner owner;
    private final Thread thread;
    private final Object lock = new Object();

    // Guarded by lock, from here on.
    private final Map<String, InFlight> calls = new LinkedHashMap<>();
    private int bytesInFlight;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private @Nullable SocketChannel channel;
    private @Nullable Selector selector;
    private boolean stopping;
    private boolean retiring;

    // Of the worker's thread.
    private @Nullable RefusedByExtension startFailure;
    private boolean ready;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long logSecond;
    private int logLines;

    Worker(
            WorkerRuntime runtime,
            Bundle bundle,
            WorkerPool.Dependencies dependencies,
            Duration deadline,
            Console console,
            Owner owner,
            int number) {
        this.runtime = runtime;
        this.bundle = bundle;
        this.dependencies = dependencies;
        this.deadline = deadline;
        this.console = console;
        this.owner = owner;
        // A platform thread: bubblewrap ends with the thread that started it.
        this.thread = Thread.ofPlatform().name("jeton-hook-" + number).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    int inFlight() {
        synchronized (lock) {
            return calls.size();
        }
    }

    /** Of the lines of the calls in flight. */
    int bytesInFlight() {
        synchronized (lock) {
            return bytesInFlight;
        }
    }

    /**
     * Gives it a call, whose time begins now. Never waits: what the process is too slow to take is kept until it does.
     *
     * @return false if the worker is ending, and the call is not taken
     */
    boolean send(ExchangeCall call) {
        synchronized (lock) {
            if (channel == null || stopping) {
                return false;
            }
            calls.put(call.id(), new InFlight(call, System.nanoTime()));
            bytesInFlight += call.bytes();
            transmit(call.line());
            return true;
        }
    }

    /** Ends the process; calls in flight get an error. */
    void stop() {
        synchronized (lock) {
            stopping = true;
            wake();
        }
    }

    /** Ends the process when the calls in flight are answered. */
    void retire() {
        synchronized (lock) {
            retiring = true;
            wake();
        }
    }

    /** Waits for the end of a worker that was stopped. */
    void awaitEnd() {
        try {
            thread.join(STOP_WITHIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (selector != null) {
            selector.wakeup();
        }
    }

    /** Called with the lock. */
    private void transmit(ByteBuffer bytes) {
        try {
            if (unsent.isEmpty() && channel != null) {
                channel.write(bytes);
            }
        } catch (IOException _) {
            // The worker's thread reads the same end of the connection, and ends.
            return;
        }
        if (bytes.hasRemaining()) {
            unsent.add(bytes);
            wake();
        }
    }

    /** Called with the lock: the call in flight of that id, which is no longer. */
    private @Nullable InFlight take(String id) {
        InFlight taken = calls.remove(id);
        if (taken != null) {
            bytesInFlight -= taken.call().bytes();
        }
        return taken;
    }

    private void run() {
        String why = "it failed";
        try {
            why = converseUntilItEnds();
        } finally {
            end(why);
        }
    }

    /** Whatever it ends with, it has to be said that it has: nobody else answers its calls. */
    private String converseUntilItEnds() {
        try {
            converse();
            return "it was stopped";
        } catch (WorkerRuntime.UnavailableException | IOException e) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        } catch (RuntimeException e) {
            LOG.error("a worker of {} failed", bundle, e);
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
    }

    private void end(String why) {
        List<InFlight> unanswered;
        boolean stopped;
        synchronized (lock) {
            stopped = stopping;
            stopping = true;
            channel = null;
            unanswered = new ArrayList<>(calls.values());
            calls.clear();
            bytesInFlight = 0;
            unsent.clear();
        }
        if (!stopped) {
            LOG.warn("a worker of {} ended, {} calls in it fail: {}", bundle, unanswered.size(), why);
        }
        RefusedByExtension failure = startFailure;
        if (!ready && failure == null) {
            failure = new RefusedByExtension(RefusalCode.SERVER_ERROR, "The Hook or Action cannot be run", why);
        }
        owner.hasEnded(this, failure);
        for (InFlight one : unanswered) {
            fail(one, ENDED, why);
        }
    }

    private void converse() throws IOException, WorkerRuntime.UnavailableException {
        Path folder = runtime.newFolder();
        Path socket = folder.resolve("s");
        Process process = null;
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Selector opened = Selector.open()) {
            listener.bind(UnixDomainSocketAddress.of(socket));
            WorkerRuntime.Launch launch = runtime.launch(dependencies.folder(), socket);
            ProcessBuilder builder = new ProcessBuilder(launch.command())
                    .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            process = builder.start();
            FirstWords errors = new FirstWords(process.getErrorStream());
            long startBy = System.nanoTime() + START_WITHIN.toNanos();
            try (SocketChannel connected = accept(listener, opened, process, errors, startBy)) {
                connected.configureBlocking(false);
                SelectionKey key = connected.register(opened, SelectionKey.OP_READ);
                synchronized (lock) {
                    channel = connected;
                    selector = opened;
                    transmit(ByteBuffer.wrap(startLine(launch.directory())));
                }
                listen(connected, opened, key, startBy);
            }
        } finally {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            WorkerRuntime.delete(folder);
        }
    }

    /**
     * Waits for the process to call, also if it is to be stopped: bubblewrap that is killed while it sets its namespaces
     * up leaves a child behind, which waits for ever.
     */
    private static SocketChannel accept(
            ServerSocketChannel listener, Selector selector, Process process, FirstWords errors, long startBy)
            throws IOException {
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            SocketChannel connected = listener.accept();
            if (connected != null) {
                return connected;
            }
            if (!process.isAlive()) {
                throw new IOException("Node.js ended at its start with status " + process.exitValue() + ": " + errors);
            }
            if (System.nanoTime() > startBy) {
                throw new IOException("Node.js did not start within " + START_WITHIN.toSeconds() + " s");
            }
            selector.select(TICK_MS);
            selector.selectedKeys().clear();
        }
    }

    private byte[] startLine(String directory) {
        ObjectNode start = JSON.createObjectNode();
        ArrayNode parts = start.putObject("start").putArray("parts");
        for (Script script : bundle.scripts()) {
            ObjectNode part = parts.addObject()
                    .put("kind", script.kind().wireName())
                    .put("name", script.name())
                    .put("script", script.code())
                    .put("directory", directory + "/" + (parts.size() - 1));
            ObjectNode secrets = part.putObject("secrets");
            script.secrets().forEach(secrets::put);
        }
        return (JSON.writeValueAsString(start) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void listen(SocketChannel connected, Selector selector, SelectionKey key, long startBy) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        long lookedAt = System.nanoTime();
        while (true) {
            synchronized (lock) {
                stopping |= retiring && calls.isEmpty();
                if (stopping) {
                    return;
                }
                flush(connected);
                key.interestOps(unsent.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
            long now = System.nanoTime();
            if (now - lookedAt >= TICK_MS * 1_000_000) {
                lookedAt = now;
                checkDeadlines(now, startBy);
                owner.isAlive(this);
            }
            selector.select(TICK_MS);
            selector.selectedKeys().clear();
            int read = connected.read(buffer);
            if (read < 0) {
                throw new IOException("its process ended");
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte octet = buffer.get();
                if (octet == '\n') {
                    hear(line.toByteArray());
                    line.reset();
                } else {
                    line.write(octet);
                    if (line.size() > MAX_LINE_BYTES) {
                        throw new ProtocolException("it sent a line of more than " + MAX_LINE_BYTES + " bytes");
                    }
                }
            }
            buffer.clear();
        }
    }

    private void flush(SocketChannel connected) throws IOException {
        while (!unsent.isEmpty()) {
            connected.write(unsent.getFirst());
            if (unsent.getFirst().hasRemaining()) {
                return;
            }
            unsent.removeFirst();
        }
    }

    private void checkDeadlines(long now, long startBy) throws IOException {
        if (!ready && now > startBy) {
            throw new IOException("the code was not loaded within " + START_WITHIN.toSeconds() + " s");
        }
        List<InFlight> late = new ArrayList<>();
        synchronized (lock) {
            // In the order in which they were sent, so of their deadlines.
            for (InFlight one : calls.values()) {
                if (now - one.sentNanos() < deadline.toNanos()) {
                    break;
                }
                late.add(one);
            }
            late.forEach(one -> take(one.call().id()));
        }
        if (!late.isEmpty()) {
            late.forEach(one -> fail(one, TIMED_OUT, "it did not answer in time"));
            throw new IOException("a call took too long");
        }
    }

    private void hear(byte[] text) throws IOException {
        JsonNode said;
        try {
            said = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new ProtocolException("it sent a line that is not JSON");
        }
        if (said.has("id")) {
            hearAnswer(said);
        } else if (said.has("log")) {
            hearLog(said.path("log"));
        } else if (said.has("ready") && !ready) {
            ready = true;
            owner.isReady(this);
        } else if (said.has("failed") && !ready) {
            JsonNode failed = said.path("failed");
            String message = scriptAt(failed)
                            .map(script -> script.name() + " cannot be loaded: ")
                            .orElse("")
                    + text(failed, "message");
            startFailure = new RefusedByExtension(
                    RefusalCode.SERVER_ERROR,
                    "load".equals(text(failed, "kind")) ? "The Hook or Action cannot be run" : NOT_COMPILED,
                    message);
            throw new IOException(message);
        } else {
            throw new ProtocolException("it sent a line that has no meaning");
        }
    }

    private void hearAnswer(JsonNode said) throws ProtocolException {
        InFlight answered;
        synchronized (lock) {
            answered = take(said.path("id").asString(""));
        }
        if (answered == null) {
            throw new ProtocolException("it answered a call that it was not given");
        }
        try {
            answer(answered, said);
        } catch (RuntimeException e) {
            // It is the call's only answer, so the call has to end here.
            fail(answered, ENDED, "its answer could not be read: " + e);
            throw new ProtocolException("it sent an answer that could not be read");
        }
    }

    private void answer(InFlight answered, JsonNode said) {
        if (said.get("claims") instanceof ObjectNode claims) {
            Execution execution = new Execution(sinceSent(answered), results(said.path("ms"), -1, ""));
            answered.call().decision().complete(Decision.of(claims, execution));
            return;
        }
        JsonNode error = said.path("error");
        RefusedByExtension refusal = new RefusedByExtension(
                RefusalCode.of(text(error, "code")).orElse(RefusalCode.SERVER_ERROR),
                text(error, "message"),
                text(error, "reason"));
        refuse(answered, refusal, results(said.path("ms"), error.path("part").asInt(-1), refusal.reason()));
    }

    private static Duration sinceSent(InFlight one) {
        return Duration.ofNanos(System.nanoTime() - one.sentNanos());
    }

    /** As the process says, which is believed in nothing but its own durations: they are within its deadline. */
    private List<Execution.Result> results(JsonNode ms, int failedPart, String error) {
        List<Execution.Result> results = new ArrayList<>();
        for (int i = 0; ms.isArray() && i < Math.min(ms.size(), bundle.scripts().size()); i++) {
            double took = ms.get(i).asDouble(0);
            Duration duration = took >= 0 && took <= deadline.toMillis()
                    ? Duration.ofNanos((long) (took * 1_000_000))
                    : Duration.ZERO;
            results.add(result(bundle.scripts().get(i), duration, i == failedPart ? error : null));
        }
        return results;
    }

    private static Execution.Result result(Script script, Duration duration, @Nullable String error) {
        return new Execution.Result(script.kind().wireName(), script.id(), script.name(), duration, error);
    }

    private Optional<Script> scriptAt(JsonNode said) {
        int part = said.path("part").asInt(-1);
        return part >= 0 && part < bundle.scripts().size()
                ? Optional.of(bundle.scripts().get(part))
                : Optional.empty();
    }

    private void hearLog(JsonNode said) {
        long second = System.nanoTime() / 1_000_000_000;
        if (second != logSecond) {
            logSecond = second;
            logLines = 0;
        }
        if (logLines++ >= MAX_LOG_LINES_PER_SECOND) {
            return;
        }
        String requestId = null;
        synchronized (lock) {
            InFlight one = calls.get(said.path("id").asString(""));
            if (one != null) {
                requestId = one.call().requestId();
            }
        }
        Script script = scriptAt(said).orElse(bundle.scripts().getFirst());
        String level = text(said, "level");
        String text = text(said, "text");
        LOG.info("{} says for {}: {}", script, named(requestId), text);
        console.write(new Console.Line(script.id(), LEVELS.contains(level) ? level : "log", text, requestId));
    }

    private static String named(@Nullable String requestId) {
        return requestId == null ? "no request" : "request " + requestId;
    }

    /** Of one line: what code says must not look like other lines of the log. */
    private static String text(JsonNode node, String field) {
        String text = node.path(field).asString("");
        return CONTROL.matcher(text.length() <= Console.MAX_TEXT ? text : text.substring(0, Console.MAX_TEXT))
                .replaceAll(" ");
    }

    /** Which of several scripts was at fault is not known then, so all are said to have ended so. */
    private void fail(InFlight one, String description, String reason) {
        refuse(
                one,
                new RefusedByExtension(RefusalCode.SERVER_ERROR, description, reason),
                bundle.scripts().stream()
                        .map(script -> result(script, Duration.ZERO, description))
                        .toList());
    }

    private void refuse(InFlight one, RefusedByExtension refusal, List<Execution.Result> results) {
        if (refusal.code() == RefusalCode.SERVER_ERROR) {
            LOG.warn("{} failed for {}: {}", bundle, named(one.call().requestId()), refusal.reason());
        }
        one.call()
                .decision()
                .complete(new Decision.Refused(refusal, Optional.of(new Execution(sinceSent(one), results))));
    }

    /** What a process says on its standard error until the code is loaded into it: the rest is not read into memory. */
    private static final class FirstWords {
        private static final int KEPT = 300;
        private volatile String words = "";

        FirstWords(InputStream stream) {
            Thread.ofVirtual().start(() -> {
                try (stream) {
                    words = new String(stream.readNBytes(KEPT), StandardCharsets.UTF_8);
                    stream.transferTo(OutputStream.nullOutputStream());
                } catch (IOException _) {
                    // The process has ended.
                }
            });
        }

        @Override
        public String toString() {
            return words.strip();
        }
    }
}
