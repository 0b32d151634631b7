package dev.jeton.extension;

import dev.jeton.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Hooks and Actions run on: the Node.js of this machine, inside bubblewrap where it is installed. */
final class WorkerRuntime implements AutoCloseable {
    /** A worker cannot be started on this machine; the message says why and what would mend it. */
    static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1;

        UnavailableException(String message) {
            super(message);
        }
    }

    /** A command line, and where its process finds the folder with a numbered folder for each script of the bundle. */
    record Launch(List<String> command, String directory) {}

    record Node(Path program, int major, int minor) {
        private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");

        /** Before, the permission model was an experiment under another name. */
        String permissionFlag() {
            boolean settled = major > 23 || (major == 23 && minor >= 5) || (major == 22 && minor >= 13);
            return settled ? "--permission" : "--experimental-permission";
        }

        /** Whether it brings a database whose files no permission guards. */
        boolean hasSqlite() {
            return major > 22 || (major == 22 && minor >= 5);
        }

        /** Older ones do not take two folders to be read. */
        boolean isFit() {
            return major > OLDEST_NODE || (major == OLDEST_NODE && minor >= OLDEST_MINOR);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRuntime.class);
    /** What a worker is made of, in hook-worker/. */
    private static final List<String> MODULES = List.of(
            "worker.mjs",
            "action-part.mjs",
            "cache.mjs",
            "calls.mjs",
            "captured.mjs",
            "errors.mjs",
            "hook-part.mjs",
            "log.mjs",
            "wire.mjs");

    static final int OLDEST_NODE = 20;
    static final int OLDEST_MINOR = 9;
    private static final int PROBE_SECONDS = 10;
    private static final int MAX_OPEN_FILES = 256;
    /** What Node.js itself maps beside its heap, as measured: it starts with 100 MB, and buffers want some. */
    private static final long BESIDE_HEAP_BYTES = 192L << 20;

    private final Config.Hooks settings;
    private final SearchPath path;
    private @Nullable Path folder;
    private Optional<Node> node = Optional.empty();
    private Optional<Path> bubblewrap = Optional.empty();

    WorkerRuntime(Config.Hooks settings, SearchPath path) {
        this.settings = settings;
        this.path = path;
    }

    /** Made when the first worker is started. */
    private synchronized Path folder() throws IOException {
        if (folder == null) {
            Path made = Files.createTempDirectory(
                    "jeton-hooks", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path worker = Files.createDirectory(made.resolve("worker"));
            for (String module : MODULES) {
                try (InputStream source = Objects.requireNonNull(
                        WorkerRuntime.class.getResourceAsStream(module), "the jar has no " + module)) {
                    Files.copy(source, worker.resolve(module));
                }
            }
            folder = made;
        }
        return folder;
    }

    private Path worker() throws IOException {
        return folder().resolve("worker");
    }

    /** A new, empty folder, for the dependencies of a bundle or the socket of a worker. */
    Path newFolder() throws IOException {
        return Files.createTempDirectory(folder(), "");
    }

    /** Deletes it with all in it; another thread may be deleting the same. */
    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warn("the folder {} was not removed", folder, e);
        }
    }

    /** Why no worker can be started on this machine, and the cure; empty if one can. */
    synchronized Optional<String> obstacle() {
        // Node.js may be installed while the server runs; what was found is not looked for again.
        if (node.isEmpty()) {
            look();
        }
        if (node.isEmpty()) {
            return Optional.of("Hooks and Actions run in Node.js " + OLDEST_NODE + "." + OLDEST_MINOR
                    + " or newer, which is not on the PATH of" + " the server: install it there; no restart is needed");
        }
        if (bubblewrap.isEmpty() && settings.sandbox() == Config.HookSandbox.REQUIRE) {
            return Optional.of(
                    "hooks.sandbox is \"require\", but bubblewrap (bwrap) does not work here: install it, let"
                            + " it make user namespaces, and restart the server");
        }
        if (bubblewrap.isEmpty() && !settings.network()) {
            return Optional.of(
                    "hooks.network is off, which takes bubblewrap (bwrap), and it does not work here: install"
                            + " it, let it make user namespaces, and restart the server");
        }
        return Optional.empty();
    }

    /**
     * How to start a worker.
     *
     * @param directory has a numbered folder for each script, with its {@code node_modules} if there are any
     * @param socket where the worker connects to
     */
    synchronized Launch launch(Path directory, Path socket) throws UnavailableException, IOException {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new UnavailableException(obstacle.get());
        }
        Node found = node.orElseThrow();
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", limits(), "sh"));
        Path seenWorker = worker();
        Path seenDirectory = directory;
        Path seenSocket = socket;
        if (bubblewrap.isPresent()) {
            seenWorker = Path.of("/jeton/worker");
            seenDirectory = Path.of("/jeton/hook");
            seenSocket = Path.of("/jeton/hook.sock");
            command.addAll(bubblewrap(bubblewrap.get(), found));
            command.addAll(List.of("--ro-bind", worker().toString(), seenWorker.toString()));
            command.addAll(List.of("--ro-bind", directory.toString(), seenDirectory.toString()));
            command.addAll(List.of("--ro-bind", socket.toString(), seenSocket.toString()));
            command.addAll(List.of("--remount-ro", "/", "--"));
        }
        command.addAll(node(found, seenWorker, seenDirectory));
        command.addAll(List.of(seenWorker.resolve("worker.mjs").toString(), seenSocket.toString()));
        return new Launch(command, seenDirectory.toString());
    }

    /** No core dumps, few open files, and memory: the heap's limit of Node.js does not count its buffers. */
    private String limits() {
        long kilobytes = (settings.memoryBytes() + BESIDE_HEAP_BYTES) >> 10;
        return "ulimit -c 0; ulimit -n " + MAX_OPEN_FILES + "; ulimit -d " + kilobytes + "; exec \"$@\"";
    }

    private List<String> bubblewrap(Path program, Node found) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--unshare-all"));
        if (settings.network()) {
            command.add("--share-net");
            for (String file : List.of("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl")) {
                command.addAll(List.of("--ro-bind-try", file, file));
            }
        }
        command.addAll(List.of("--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"));
        command.addAll(List.of("--uid", "65534", "--gid", "65534", "--hostname", "hook", "--dev", "/dev"));
        command.addAll(List.of("--ro-bind", "/usr", "/usr"));
        for (String folder : List.of("/lib", "/lib64")) {
            command.addAll(List.of("--ro-bind-try", folder, folder));
        }
        if (!found.program().startsWith("/usr")) {
            command.addAll(List.of(
                    "--ro-bind", found.program().toString(), found.program().toString()));
        }
        return command;
    }

    private List<String> node(Node found, Path worker, Path directory) {
        List<String> command = new ArrayList<>(List.of(
                found.program().toString(),
                found.permissionFlag(),
                "--allow-fs-read=" + worker,
                "--allow-fs-read=" + directory,
                "--no-addons",
                "--no-warnings",
                "--max-old-space-size=" + (settings.memoryBytes() >> 20)));
        if (found.hasSqlite()) {
            command.add("--no-experimental-sqlite");
        }
        if (found.major() >= 25) {
            command.add("--allow-net");
        }
        return command;
    }

    private void look() {
        node = find("node").flatMap(WorkerRuntime::version).filter(Node::isFit);
        if (node.isPresent() && settings.sandbox() != Config.HookSandbox.OFF) {
            bubblewrap =
                    find("bwrap").filter(program -> trial(program, node.get()).succeeded());
        }
        if (node.isPresent() && bubblewrap.isEmpty()) {
            LOG.warn(
                    "Hooks and Actions run without bubblewrap, so with the rights of this server: use only code that you trust");
        }
    }

    Optional<Path> find(String program) {
        return path.find(program).map(found -> {
            try {
                return found.toRealPath();
            } catch (IOException _) {
                return found;
            }
        });
    }

    static Optional<Node> version(Path program) {
        return Optional.of(run(List.of(program.toString(), "--version"), false))
                .filter(Ended::succeeded)
                .map(ended -> Node.VERSION.matcher(ended.output()))
                .filter(Matcher::matches)
                .map(version ->
                        new Node(program, Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))));
    }

    /** Starts Node.js in bubblewrap: many containers have the program but may not make user namespaces. */
    Ended trial(Path program, Node found) {
        List<String> command = bubblewrap(program, found);
        command.addAll(List.of("--", found.program().toString(), "--version"));
        return run(command, true);
    }

    /** How a program ended that was tried; {@code output} is the beginning of what it said. */
    record Ended(boolean succeeded, String output) {}

    /** @param errorsToo whether its errors are part of what it says */
    private static Ended run(List<String> command, boolean errorsToo) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectErrorStream(errorsToo)
                    .start();
            try {
                String text = new String(process.getInputStream().readNBytes(256), StandardCharsets.UTF_8);
                boolean ended = process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
                return new Ended(ended && process.exitValue() == 0, text.strip());
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return new Ended(false, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Ended(false, "interrupted");
        }
    }

    @Override
    public synchronized void close() {
        if (folder != null) {
            delete(folder);
        }
    }
}
