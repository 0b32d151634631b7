package dev.jeton.samples.timesheets.upload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the job in a made-up surrounding, in which pauses take no time. */
final class JobRun {
    static final String HEADER = "entry_id,user_id,date,project,hours\n";

    /** What the job printed and how it ended. */
    record Result(int exitCode, String out, String err) {}

    private final Path folder;
    private final Map<String, String> environment;
    private final List<Duration> pauses = new ArrayList<>();
    private final StopSignal stop = new StopSignal();
    private boolean terminal;
    private Duration tick = Duration.ZERO;
    private Instant now = Instant.parse("2026-11-26T08:00:00Z");

    JobRun(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    JobRun onTerminal() {
        terminal = true;
        return this;
    }

    /** Lets the clock go on by so much each time it is looked at. */
    JobRun ticking(Duration each) {
        tick = each;
        return this;
    }

    /** The line of an entry that is in order. */
    static String entry(int number) {
        return "ext-" + number + ",007,2026-11-20T09:00:00Z,Lighthouse,7.5\n";
    }

    static String entries(int count) {
        StringBuilder lines = new StringBuilder(HEADER);
        for (int number = 1; number <= count; number++) {
            lines.append(entry(number));
        }
        return lines.toString();
    }

    Result upload(String csv, String... options) {
        return upload(csv.getBytes(StandardCharsets.UTF_8), options);
    }

    Result upload(byte[] csv, String... options) {
        Path file = folder.resolve("entries.csv");
        try {
            Files.write(file, csv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> args = new ArrayList<>(List.of(options));
        args.add(file.toString());
        return run(args.toArray(String[]::new));
    }

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new Shell(
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                () -> now = now.plus(tick),
                () -> 0, // no random part in pauses
                stop,
                pause -> {
                    pauses.add(pause);
                    now = now.plus(pause);
                    return stop.isAsked();
                });
        int exitCode = TimesheetsImport.run(List.of(args), shell);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    List<Duration> pauses() {
        return pauses;
    }

    StopSignal stop() {
        return stop;
    }
}
