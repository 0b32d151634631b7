package dev.jeton.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion script for fish, for which picocli makes none. */
final class FishCompletion {
    /** Tells whether the words before the cursor name that command, past options and their values. */
    private static final String FUNCTION = """
            function __jeton_at
                set -l command jeton
                set -l is_value no
                for word in (commandline -opc)[2..]
                    if test $is_value = yes
                        set is_value no
                    else if contains -- $word $__jeton_valued
                        set is_value yes
                    else if contains -- "$command $word" $__jeton_commands
                        set command "$command $word"
                    end
                end
                test "$command" = "$argv"
            end

            complete -c jeton -e
            complete -c jeton -f
            """;

    private final List<String> lines = new ArrayList<>();
    private final Set<String> commands = new TreeSet<>();
    private final Set<String> valued = new TreeSet<>();

    FishCompletion(CommandLine root) {
        add(root);
    }

    String script() {
        return "set -g __jeton_commands " + quoted(commands) + "\n"
                + "set -g __jeton_valued " + quoted(valued) + "\n"
                + FUNCTION
                + lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void add(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        commands.add(spec.qualifiedName());
        String here = "complete -c jeton -n " + quoted("__jeton_at " + spec.qualifiedName());
        for (OptionSpec option : spec.options()) {
            boolean takesValue = option.arity().max() > 0;
            if (takesValue) {
                valued.addAll(List.of(option.names()));
            }
            lines.add(here
                    + names(option)
                    + (takesValue ? values(option, " -x", " -r -F") : "")
                    + described(option.description()));
        }
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            String values = values(argument, "", " -F");
            if (!values.isEmpty()) {
                lines.add(here + values);
            }
        }
        command.getSubcommands().forEach((name, each) -> {
            lines.add(here + " -a " + name
                    + described(each.getCommandSpec().usageMessage().description()));
            add(each);
        });
    }

    private static String names(OptionSpec option) {
        return List.of(option.names()).stream()
                .map(name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
                .collect(Collectors.joining());
    }

    /** Words to choose from or files; otherwise what there is to say of a value that nobody can guess. */
    private static String values(ArgSpec argument, String unknown, String files) {
        Iterable<String> choices = argument.completionCandidates();
        if (choices != null) {
            return unknown + " -a " + quoted(String.join(" ", choices));
        }
        boolean isFile = argument.typeInfo().getType() == Path.class || argument.auxiliaryTypes()[0] == Path.class;
        return isFile ? files : unknown;
    }

    private static String described(String[] description) {
        return description.length == 0 ? "" : " -d " + quoted(description[0]);
    }

    private static String quoted(Set<String> words) {
        return words.stream().map(FishCompletion::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
