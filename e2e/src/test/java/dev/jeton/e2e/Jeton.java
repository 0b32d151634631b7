package dev.jeton.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The launcher script as a user runs it, in a folder of its own and with none of the caller's settings. */
public final class Jeton {
    private static final Path HOME =
            Path.of(System.getProperty("jeton.home", "..")).toAbsolutePath();
    private static final Path LAUNCHER = HOME.resolve("jeton");
    private static final long PATIENCE_SECONDS = 180;

    /** How a command ended. */
    public record Result(int exitCode, String out, String err) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }

        /** The same, for when it must have succeeded. */
        public Result done() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + out + err);
            }
            return this;
        }
    }

    private final Path folder;
    private final Map<String, String> environment;

    /** @param folder the working directory, and the home of the user */
    public Jeton(Path folder) {
        this(folder, Map.of());
        Learning.isDone();
    }

    private Jeton(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** The same with these environment variables. */
    public Jeton with(Map<String, String> more) {
        return new Jeton(folder, more);
    }

    /** Runs a command to its end. */
    public Result run(String... args) {
        return runWithInput("", args);
    }

    Result runWithInput(String input, String... args) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(args));
        return runAny(input, command);
    }

    /** Runs any program, in the same folder and environment. */
    public Result runAny(String input, List<String> command) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
            Process process = builder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end\n" + Files.readString(out) + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sees to it, once, that the launcher remembers what a start loads, as it does from the first {@code quickstart} on: each
     * start then takes half the time.
     */
    private static final class Learning {
        static {
            // Tests run in several processes of one parent: one of them learns, the others wait for it.
            String run =
                    Long.toString(ProcessHandle.current().parent().orElseThrow().pid());
            try (RandomAccessFile learnt = new RandomAccessFile(
                            HOME.resolve("server/target/learnt").toFile(), "rw");
                    FileLock _ = learnt.getChannel().lock()) {
                if (!run.equals(learnt.readLine())) {
                    new Jeton(Files.createTempDirectory("jeton-learning"), Map.of())
                            .start("quickstart", "--port", "0", "--data", "data")
                            .close();
                    learnt.setLength(0);
                    learnt.writeBytes(run + "\n");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void isDone() {}
    }

    /** Starts a command and does not wait for anything; what it prints is in the file {@code launched.txt}. */
    public Process launch(String... args) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(args));
        try {
            return builder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("launched.txt").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a command that stays, {@code serve} or {@code quickstart}; when this returns it is ready. */
    public RunningServer start(String... args) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(args));
        return startAny("Jeton is ready at ", command);
    }

    /** Starts any program that is talked to while it runs; what it says to standard error is not kept. */
    Process open(String... command) throws IOException {
        return builder(List.of(command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Starts any server, in the same folder and environment; see {@link RunningServer#of}. */
    RunningServer startAny(String ready, List<String> command) {
        try {
            Path err = Files.createTempFile(folder, "server-err", ".txt");
            return RunningServer.of(builder(command).redirectError(err.toFile()).start(), err, ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("JETON_") && !name.equals("JETON_JAVA_HOME"));
        variables.remove("XDG_CONFIG_HOME");
        variables.put("HOME", folder.toString());
        // None of these servers lives long enough for the second compiler.
        variables.put("JETON_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        variables.putAll(environment);
        return builder;
    }
}
