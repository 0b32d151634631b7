package dev.jeton.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code jeton} itself: the options that every command takes. */
@Command(
        name = "jeton",
        description = "Issues access tokens to machines: the command line of a Jeton server.",
        synopsisHeading = "Usage: ",
        optionListHeading = "%nOptions of every command:%n",
        commandListHeading = "%nOver the management API, from anywhere:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the server refused, or a check failed",
            "2:wrong usage",
            "3:the server cannot be reached or cannot answer now; the same command may succeed later"
        },
        footerHeading = "%nOn the server's machine:%n",
        footer = {
            "  quickstart   Start a demo server, ask it for a token and show it decoded.",
            "  serve        Start the server.",
            "  config show  Show the server's effective configuration, secrets masked.",
            "  doctor       Look at the machine and the settings; with --url or --profile, at a server from here.",
            "  rewrap       Encrypt the stored keys and secrets with a new master key.",
            "  recover      Regain administrator access with the server's data folder.",
            "  sample       Run a worked example: jeton sample timesheets.",
            "",
            "Where the server and the credentials come from, first match wins:",
            "  1  --url, --client-id, --secret-file, --ca; JETON_URL, JETON_CLIENT_ID, JETON_CLIENT_SECRET",
            "     (with --profile the variables do not count)",
            "  2  cli.json in the folder of --data; or the profile of --profile",
            "  3  the profile of JETON_PROFILE; cli.json in the folder of JETON_DATA",
            "  4  the current profile of jeton login, see jeton profiles",
            "  5  ./data/cli.json, which ./jeton serve writes",
            "",
            "With --json all that is printed is JSON; logs are an object a line. An error is one on standard error:",
            "  error      refused, wrong_usage, unreachable; or fault, which is the command line's own",
            "  message    what could not be done, and why",
            "  fix        what to do about it, or null",
            "  code       the server's errorCode, or null",
            "  exit_code  as above",
            "",
            "Example:",
            "  jeton apps create 'Billing worker'"
        })
final class JetonCommand {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print the server's JSON, for scripts; errors are JSON too, on standard error.")
    boolean json;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "The server's base URL, as https://auth.example.com/.")
    @Nullable
    String url;

    @Option(names = "--client-id", scope = ScopeType.INHERIT, paramLabel = "ID", description = "Client id to act as.")
    @Nullable
    String clientId;

    @Option(
            names = "--secret-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "File with the client secret.")
    @Nullable
    Path secretFile;

    @Option(
            names = "--ca",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "PEM file with the only certificate authorities to trust.")
    @Nullable
    Path ca;

    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The server's data folder, for its cli.json.")
    @Nullable
    Path data;

    @Option(
            names = "--profile",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME",
            description = "One of the servers that jeton login stored.")
    @Nullable
    String profile;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Say on standard error which server is asked, and by which credentials.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Show the help of jeton or of a command.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;
}
