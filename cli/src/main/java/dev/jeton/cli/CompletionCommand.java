package dev.jeton.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code jeton completion}: what makes a shell complete the commands of {@code ./jeton}, the server's too. */
@Command(
        name = CompletionCommand.NAME,
        description = "Print the script with which a shell completes commands, options and values.",
        footer = {
            "  source <(jeton completion bash)                                  # in ~/.bashrc",
            "  source <(jeton completion zsh)                                   # in ~/.zshrc, after compinit",
            "  jeton completion fish > ~/.config/fish/completions/jeton.fish",
            "",
            "It works for ./jeton and other paths to it too. If jeton is not on the PATH, write the path in these lines."
        })
final class CompletionCommand implements Callable<Integer> {
    static final String NAME = "completion";

    /** Of picocli's script: all before is how to install it, and what it would change in every zsh. */
    private static final String FIRST_FUNCTION = "# CompWordsContainsArray ";

    private static final String IN_ZSH = """
            if ! type compdef >/dev/null; then
              autoload -U +X compinit && compinit
            fi
            autoload -U +X bashcompinit && bashcompinit

            """;

    private final Session session;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "SHELL", completionCandidates = Choices.Shells.class, description = "bash, zsh or fish.")
    String shell = "";

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CommandLine all = all(Objects.requireNonNull(spec).root());
        String script = switch (shell) {
            case "bash" -> bash(all);
            case "zsh" -> IN_ZSH + bash(all);
            case "fish" -> new FishCompletion(all).script();
            default -> throw Failure.usage("there is completion for bash, zsh and fish, not for '" + shell + "'");
        };
        if (session.json()) {
            session.output().json(Json.object().put("shell", shell).put("script", script));
        } else {
            session.output().verbatim(script);
        }
        return 0;
    }

    /** What the launcher takes: the options of every command are not those of the server's commands. */
    private static CommandLine all(CommandSpec ours) {
        CommandSpec all = CommandSpec.create().name(ours.name());
        ours.options()
                .forEach(option -> all.addOption(
                        option.toBuilder().scopeType(ScopeType.LOCAL).build()));
        ours.subcommands().forEach(all::addSubcommand);
        ServerCommands.all().forEach(command -> add(all, command));
        return new CommandLine(all);
    }

    /** A command that both programs have takes the options of both. */
    private static void add(CommandSpec all, CommandSpec command) {
        CommandLine known = all.subcommands().get(command.name());
        if (known == null) {
            all.addSubcommand(command.name(), command);
            return;
        }
        CommandSpec both = known.getCommandSpec();
        command.options().stream()
                .filter(option -> both.findOption(option.longestName()) == null)
                .forEach(both::addOption);
    }

    private static String bash(CommandLine all) {
        String script = AutoComplete.bash(all.getCommandName(), all);
        return script.substring(script.indexOf(FIRST_FUNCTION));
    }
}
