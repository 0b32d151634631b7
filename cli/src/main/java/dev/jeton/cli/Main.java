package dev.jeton.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Where the command line starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int exitCode = execute(args, System.out, System.err, System.getenv(), System.in);
        System.out.flush();
        System.exit(exitCode); // at once: the HTTP client's threads would live on for a while
    }

    /**
     * Runs one command as the process would, without ending it.
     *
     * @return the exit code, as {@code jeton --help} lists them
     */
    public static int execute(
            String[] args, PrintStream out, PrintStream err, Map<String, String> env, InputStream in) {
        return Commands.run(
                args,
                new Shell(
                        out,
                        err,
                        in,
                        env,
                        Path.of(""),
                        Prompt::ofTerminal,
                        InstantSource.system(),
                        Shell.Pause::sleep,
                        Progress.Seconds::pass,
                        Editor.ofTerminal(),
                        Output::isTerminal,
                        Terminals.ofLauncher(env)));
    }
}
