package dev.jeton.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every command of the command line, and what happens when one cannot be parsed or fails. */
final class Commands {
    private Commands() {}

    static int run(String[] args, Shell shell) {
        PrintWriter out = new PrintWriter(shell.out(), true, shell.out().charset());
        Output err = new Output(shell.err());
        int exitCode = line(shell)
                .setOut(out)
                .setErr(new PrintWriter(shell.err(), true, shell.err().charset()))
                .setParameterExceptionHandler((e, _) -> wrongUsage(e, err))
                .setExecutionExceptionHandler((e, _, _) -> failed(e, err))
                .execute(args);
        out.flush();
        return exitCode;
    }

    private static CommandLine line(Shell shell) {
        JetonCommand options = new JetonCommand();
        Session session = new Session(shell, options);
        CommandLine line = new CommandLine(options)
                .addSubcommand(new AppsCommand(session))
                .addSubcommand(new ApisCommand(session))
                .addSubcommand(new GrantsCommand(session))
                .addSubcommand(new CommandLine(new HooksCommand(session)).addSubcommand(new CheckCommand(session)))
                .addSubcommand(new CommandLine(new ActionsCommand(session)).addSubcommand(new CheckCommand(session)))
                .addSubcommand(new KeysCommand(session))
                .addSubcommand(new AdminCommand(session))
                .addSubcommand(new LogsCommand(session))
                .addSubcommand(new TokenCommand(session))
                .addSubcommand(new SnippetCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(new BackupCommand(session))
                .addSubcommand(new ImportCommand(session))
                .addSubcommand(new LoginCommand(session))
                .addSubcommand(new LogoutCommand(session));
        line.getCommandSpec().version("jeton " + version());
        line.setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setExpandAtFiles(false);
        describe(line);
        return line;
    }

    /** The version in the jar's manifest; there is none when classes are run from a folder. */
    private static String version() {
        String version = Commands.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /** Keeps the options of every command out of each command's own help, where they would bury the few that matter. */
    private static void describe(CommandLine root) {
        for (CommandLine group : root.getSubcommands().values()) {
            describeOne(group);
            group.getSubcommands().values().forEach(Commands::describeOne);
        }
    }

    private static void describeOne(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.usageMessage()
                .abbreviateSynopsis(true)
                .optionListHeading("")
                .commandListHeading("%nCommands:%n")
                .parameterListHeading("%n")
                .footerHeading("%nExample:%n")
                .sortOptions(false);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> {
            List<OptionSpec> own = spec.options().stream()
                    .filter(option -> !option.inherited() && !option.hidden())
                    .toList();
            return (own.isEmpty() ? "" : "%n".formatted() + help.optionListExcludingGroups(own))
                    + "%nAnd --json, --url, --client-id, --secret-file, --ca, --data: see jeton --help.%n".formatted();
        });
    }

    private static int wrongUsage(ParameterException e, Output err) {
        CommandLine command = e.getCommandLine();
        boolean isGroupAlone = !command.getSubcommands().isEmpty()
                && e.getClass() == ParameterException.class
                && command.getParseResult() != null
                && command.getParseResult().errors().isEmpty()
                && !command.getParseResult().hasSubcommand();
        if (isGroupAlone && !(e instanceof MissingParameterException)) {
            StringWriter usage = new StringWriter();
            command.usage(new PrintWriter(usage, true));
            usage.toString().lines().forEach(err::line);
        } else {
            err.line("jeton: " + (e instanceof UnmatchedArgumentException unknown ? inWords(unknown) : e.getMessage()));
            err.line("  see " + command.getCommandSpec().qualifiedName() + " --help");
        }
        err.flush();
        return Failure.WRONG_USAGE;
    }

    private static String inWords(UnmatchedArgumentException unknown) {
        String first = unknown.getUnmatched().getFirst();
        boolean isGroup = !unknown.getCommandLine().getSubcommands().isEmpty();
        String what = unknown.isUnknownOption()
                ? "there is no option '" + first + "'"
                : isGroup ? "there is no command '" + first + "'" : "'" + first + "' is one argument too many";
        String group = unknown.getCommandLine().getCommandSpec().qualifiedName();
        List<String> nearest = unknown.getSuggestions().stream()
                .map(name -> unknown.isUnknownOption() ? name : group + " " + name)
                .toList();
        return nearest.isEmpty() ? what : what + "; did you mean " + String.join(" or ", nearest) + "?";
    }

    private static int failed(Exception e, Output err) {
        int exitCode;
        if (e instanceof Failure failure) {
            err.line("jeton: " + failure.message());
            failure.mend().ifPresent(mend -> err.line("  " + mend));
            exitCode = failure.exitCode();
        } else {
            // A fault of this program: whoever reports it needs the trace.
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            err.line("jeton: a fault in the command line itself; please report it with what follows");
            trace.toString().lines().forEach(err::line);
            exitCode = Failure.REFUSED;
        }
        err.flush();
        return exitCode;
    }
}
