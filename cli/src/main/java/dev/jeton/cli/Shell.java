package dev.jeton.cli;

import java.io.File;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the process around a command gives it.
 *
 * @param directory what relative paths start from
 * @param prompt looked for only when there is a question, because finding a terminal takes time
 * @param editor what opens a file for a person to change
 * @param seconds what tells that a second has passed
 * @param terminal whether {@code out} is a terminal, whatever the input is; asked only where it matters
 * @param terminals which streams may be styled
 */
record Shell(
        PrintStream out,
        PrintStream err,
        InputStream in,
        Map<String, String> env,
        Path directory,
        Supplier<Optional<Prompt>> prompt,
        InstantSource clock,
        Pause pause,
        Progress.Seconds seconds,
        Editor editor,
        BooleanSupplier terminal,
        Terminals terminals) {

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_./,:=@%+-]+");

    /** Lets time pass between two looks at the server. */
    interface Pause {
        /** Waits, and tells whether to go on afterwards. */
        boolean await(Duration duration);

        static boolean sleep(Duration duration) {
            try {
                Thread.sleep(duration);
                return true;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    Output output() {
        return new Output(out, terminals.out() && wantsColours());
    }

    Output errorOutput() {
        return new Output(err, terminals.err() && wantsColours());
    }

    private boolean wantsColours() {
        return variable("NO_COLOR").isEmpty();
    }

    /** The first program of that name on the {@code PATH}. */
    Optional<Path> program(String name) {
        return variable("PATH").stream()
                .flatMap(path -> Stream.of(path.split(File.pathSeparator, -1)))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> directory.resolve(folder).resolve(name).toAbsolutePath())
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .findFirst();
    }

    /** Where temporary files go. */
    Path temporary() {
        return directory.resolve(variable("TMPDIR").orElseGet(() -> System.getProperty("java.io.tmpdir", "/tmp")));
    }

    /** A word as a shell takes it, for people to paste. */
    static String quoted(Object word) {
        String text = word.toString();
        return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The value of an environment variable; one that is set to nothing counts as not set. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(env.get(name)).filter(value -> !value.isBlank());
    }
}
