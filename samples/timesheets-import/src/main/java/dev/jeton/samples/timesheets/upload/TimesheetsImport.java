package dev.jeton.samples.timesheets.upload;

import dev.jeton.tokenclient.TokenClient;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Where the job starts: reads the command line, checks settings and file, uploads, and says what has become of it. */
public final class TimesheetsImport {
    private static final int UPLOADED = 0;
    private static final int NOT_ALL = 1;
    private static final int WRONG_USAGE = 2;

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private static final String VERBOSE = "--verbose";

    private static final String HELP = """
            Uploads the entries of a CSV file to the Timesheets API.

            Usage: java -jar timesheets-import.jar [--verbose] entries.csv

              --verbose  a line for each timesheet that is created
              --help     this text

            The file is UTF-8, with up to 100,000 entries and this header:

              entry_id,user_id,date,project,hours
              ext-1001,007,2026-11-20T09:00:00Z,Lighthouse,7.5

            It is checked whole before anything is sent. Each entry is stored once, by its entry_id: after a failure, run it
            again, and it goes on where it was.

            Environment:
              JETON_ISSUER              URL of the Jeton server, as https://auth.example.com/
              JETON_CLIENT_ID           client id of this job
              JETON_CLIENT_SECRET_FILE  file with the secret of that client
              JETON_CLIENT_SECRET       or the secret itself
              TIMESHEETS_AUDIENCE       identifier of the Timesheets API; https://timesheets.example.com unless set
              TIMESHEETS_URL            its address; http://127.0.0.1:8081 unless set

            Exit code: 0 all entries are uploaded; 1 some were refused or not sent; 2 wrong usage, setting or file.
            """;

    private TimesheetsImport() {}

    public static void main(String[] args) {
        StopSignal stop = new StopSignal();
        stop.atShutdown();
        Shell shell = new Shell(
                System.getenv(),
                System.out,
                System.err,
                isTerminal(),
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextLong(),
                stop,
                stop::pause);
        int exitCode;
        try {
            exitCode = run(List.of(args), shell);
        } finally {
            stop.finished();
        }
        System.exit(exitCode);
    }

    /** Whether somebody watches standard output; the JDK does not tell. */
    private static boolean isTerminal() {
        try {
            Process test = new ProcessBuilder("/bin/sh", "-c", "test -t 1")
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return test.waitFor() == 0;
        } catch (IOException noShell) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs the job as the process would, without ending it, and gives back the exit code. */
    static int run(List<String> args, Shell shell) {
        if (args.contains("--help")) {
            shell.out().print(HELP);
            return UPLOADED;
        }
        try {
            List<String> files =
                    args.stream().filter(arg -> !arg.equals(VERBOSE)).toList();
            if (files.size() != 1 || files.get(0).startsWith("-")) {
                throw new UsageException("give one CSV file, and no option but " + VERBOSE + "; --help says more");
            }
            Settings settings = Settings.of(shell.environment());
            try (TokenClient tokens = tokenClient(settings)) {
                List<Entry> entries = EntriesFile.read(Path.of(files.get(0)));
                return upload(entries, settings, tokens, args.contains(VERBOSE), shell);
            }
        } catch (UsageException | InvalidPathException e) {
            shell.err().println("timesheets-import: " + e.getMessage());
            return WRONG_USAGE;
        }
    }

    private static TokenClient tokenClient(Settings settings) {
        try {
            return TokenClient.builder(settings.issuer(), settings.clientId(), settings.secret(), settings.audience())
                    .build();
        } catch (IllegalArgumentException useless) {
            throw new UsageException("settings: " + useless.getMessage());
        }
    }

    private static int upload(
            List<Entry> entries, Settings settings, TokenClient tokens, boolean verbose, Shell shell) {
        Instant start = shell.clock().instant();
        Summary summary = new Summary(entries.size());
        Progress progress = new Progress(shell.out(), shell.terminal(), shell.clock());
        TimesheetsApi api = new TimesheetsApi(settings.api(), REQUEST_TIMEOUT, shell.clock());
        try {
            new Upload(shell, settings, api, tokens, progress, verbose).run(entries, summary);
        } catch (StoppedException stopped) {
            progress.end();
            shell.err().println("timesheets-import: stopped: " + stopped.reason());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        progress.end();
        summary.lines(Duration.between(start, shell.clock().instant())).forEach(shell.out()::println);
        if (summary.done() < summary.total()) {
            shell.out().println("Run it again to go on; nothing is stored twice.");
        }
        return summary.isComplete() ? UPLOADED : NOT_ALL;
    }
}
