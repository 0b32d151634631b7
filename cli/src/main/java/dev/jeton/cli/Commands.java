package dev.jeton.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every command of the command line, and what happens when one cannot be parsed or fails. */
final class Commands {
    private static final Set<String> OF_A_VALUE = Set.of("invalid_body", "invalid_query_string");

    private Commands() {}

    static int run(String[] args, Shell shell) {
        PrintWriter out = new PrintWriter(shell.out(), true, shell.out().charset());
        int exitCode = line(shell, List.of(args))
                .setOut(out)
                .setErr(new PrintWriter(shell.err(), true, shell.err().charset()))
                .execute(args);
        out.flush();
        return exitCode;
    }

    /**
     * The command line that takes those arguments. Of the many commands only the one that they begin with is made, if
     * they begin with one: all of them would be a fifth of a start.
     */
    static CommandLine line(Shell shell, List<String> args) {
        boolean json = args.contains("--json"); // before they are parsed: if they cannot be, that is told in JSON too
        JetonCommand options = new JetonCommand();
        Output err = shell.errorOutput();
        Notes notes = new Notes(err, json);
        Progress progress = new Progress(err, shell.terminals().err() && !json, shell.seconds());
        Session session = new Session(shell, options, notes, progress);
        CommandLine line = new CommandLine(options);
        Map<String, Supplier<Object>> all = all(session);
        String first = args.isEmpty() ? "" : args.getFirst();
        boolean isOne = all.containsKey(first) && !first.equals(CompletionCommand.NAME);
        all.forEach((name, command) -> {
            if (!isOne || name.equals(first)) {
                line.addSubcommand(command.get());
            }
        });
        boolean isColoured = session.output().isColoured();
        line.getCommandSpec().version("jeton " + version());
        line.setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setColorScheme(new Help.ColorScheme.Builder(isColoured ? Help.Ansi.ON : Help.Ansi.OFF).build())
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, _) -> wrongUsage(e, notes))
                .setExecutionExceptionHandler((e, command, _) ->
                        e instanceof Failure failure ? notes.failed(pointingToHelp(failure, command)) : notes.fault(e));
        describe(line);
        if (isColoured) {
            embolden(line);
        }
        return line;
    }

    private static Map<String, Supplier<Object>> all(Session session) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("apps", () -> new AppsCommand(session));
        all.put("apis", () -> new ApisCommand(session));
        all.put("grants", () -> new GrantsCommand(session));
        all.put("hooks", () -> new CommandLine(new HooksCommand(session)).addSubcommand(new CheckCommand(session)));
        all.put("actions", () -> new CommandLine(new ActionsCommand(session)).addSubcommand(new CheckCommand(session)));
        all.put("keys", () -> new KeysCommand(session));
        all.put("admin", () -> new AdminCommand(session));
        all.put("logs", () -> new LogsCommand(session));
        all.put("token", () -> new TokenCommand(session));
        all.put("snippet", () -> new SnippetCommand(session));
        all.put("verify", () -> new VerifyCommand(session));
        all.put("backup", () -> new BackupCommand(session));
        all.put("import", () -> new ImportCommand(session));
        all.put("login", () -> new LoginCommand(session));
        all.put("profiles", () -> new ProfilesCommand(session));
        all.put("logout", () -> new LogoutCommand(session));
        all.put("doctor", () -> new DoctorCommand(session));
        all.put(CompletionCommand.NAME, () -> new CompletionCommand(session));
        return all;
    }

    /** The version in the jar's manifest; there is none when classes are run from a folder. */
    private static String version() {
        String version = Commands.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /** The headings of every help, in picocli's way to say so. */
    private static void embolden(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.synopsisHeading(bold(usage.synopsisHeading()))
                .optionListHeading(bold(usage.optionListHeading()))
                .commandListHeading(bold(usage.commandListHeading()))
                .exitCodeListHeading(bold(usage.exitCodeListHeading()))
                .footerHeading(bold(usage.footerHeading()));
        command.getSubcommands().values().forEach(Commands::embolden);
    }

    private static String bold(String heading) {
        return heading.replaceAll("[A-Z][^%:]*:", "@|bold $0|@");
    }

    private static void describe(CommandLine group) {
        for (CommandLine command : group.getSubcommands().values()) {
            describeOne(command);
            describe(command);
        }
    }

    /** Keeps the options of every command out of each command's own help, where they would bury the few that matter. */
    private static void describeOne(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.usageMessage()
                .abbreviateSynopsis(true)
                .optionListHeading("")
                .commandListHeading("%nCommands:%n")
                .parameterListHeading("%n")
                .footerHeading("%nExample:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes(spec))
                .sortOptions(false);
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> {
            List<OptionSpec> own = spec.options().stream()
                    .filter(option -> !option.inherited() && !option.hidden())
                    .toList();
            return (own.isEmpty() ? "" : "%n".formatted() + help.optionListExcludingGroups(own))
                    + "%nAnd --json, --url, --client-id, --secret-file, --ca, --data, --profile, --verbose: see jeton --help.%n"
                            .formatted();
        });
    }

    /** Those of every command, in the words of this one where it has its own. */
    private static Map<String, String> exitCodes(CommandSpec spec) {
        Map<String, String> codes =
                new LinkedHashMap<>(spec.root().usageMessage().exitCodeList());
        codes.putAll(spec.usageMessage().exitCodeList());
        return codes;
    }

    private static int wrongUsage(ParameterException e, Notes notes) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        boolean isGroupAlone = !command.getSubcommands().isEmpty()
                && e.getClass() == ParameterException.class
                && command.getParseResult() != null
                && command.getParseResult().errors().isEmpty()
                && !command.getParseResult().hasSubcommand();
        if (isGroupAlone) {
            return notes.incomplete(command.getUsageMessage(Help.Ansi.OFF), name);
        }
        String message = e instanceof UnmatchedArgumentException unknown ? inWords(unknown) : e.getMessage();
        return notes.failed(Failure.usage(String.valueOf(message)).mendedBy("see " + name + " --help"));
    }

    /** The server says what is wrong with a value, by its own names for it. */
    private static Failure pointingToHelp(Failure failure, CommandLine command) {
        boolean isOfAValue = failure.serverCode().filter(OF_A_VALUE::contains).isPresent();
        return isOfAValue && failure.mend().isEmpty()
                ? failure.mendedBy("see " + command.getCommandSpec().qualifiedName() + " --help")
                : failure;
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
}
