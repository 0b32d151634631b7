package dev.jeton.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs commands in a made-up surrounding: a folder, an environment, perhaps a person, and a clock that stands still. */
final class CommandLineRun {
    static final Instant NOW = Instant.parse("2026-11-23T17:15:30Z");
    static final String SECRET = "the-secret-of-the-command-line";

    private final Path folder;
    private final Map<String, String> env = new HashMap<>();
    private @Nullable Prompt prompt;
    private Shell.Pause pause = _ -> false;
    private Editor editor = (_, file) -> {
        throw new AssertionError("nobody was to edit " + file);
    };
    private byte[] in = {};
    private boolean isTerminal;
    private Progress.Seconds seconds = _ -> {
        throw new AssertionError("nobody is there to be told how long it takes");
    };

    /** What a command printed and how it ended. */
    record Result(int exitCode, String out, String err) {}

    /** @param folder home and working folder alike */
    CommandLineRun(Path folder) {
        this.folder = folder;
        env.put("HOME", folder.toString());
    }

    /** With the credentials for a server in the environment. */
    static CommandLineRun against(FakeServer server, Path folder) {
        return new CommandLineRun(folder)
                .with("JETON_URL", server.issuer())
                .with("JETON_CLIENT_ID", "cli-client")
                .with("JETON_CLIENT_SECRET", SECRET);
    }

    CommandLineRun with(String variable, String value) {
        env.put(variable, value);
        return this;
    }

    CommandLineRun answering(Prompt person) {
        prompt = person;
        return this;
    }

    CommandLineRun pausing(Shell.Pause between) {
        pause = between;
        return this;
    }

    CommandLineRun editing(Editor with) {
        editor = with;
        return this;
    }

    CommandLineRun reading(String input) {
        return reading(input.getBytes(StandardCharsets.UTF_8));
    }

    CommandLineRun reading(byte[] input) {
        in = input;
        return this;
    }

    CommandLineRun printingToATerminal() {
        return watchedFor(_ -> () -> {});
    }

    /** With a person at a terminal, who is told how long something takes. */
    CommandLineRun watchedFor(Progress.Seconds passing) {
        isTerminal = true;
        seconds = passing;
        return this;
    }

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Commands.run(args, shell(out, err));
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Shell shell(OutputStream out, OutputStream err) {
        return new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(in),
                env,
                folder,
                () -> Optional.ofNullable(prompt),
                InstantSource.fixed(NOW),
                pause,
                seconds,
                editor,
                () -> isTerminal,
                new Terminals(isTerminal, isTerminal));
    }
}
