package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jeton.cli.CommandLineRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

class CompletionCommandTest {
    /** What is typed, as a shell's words, and what it can become. */
    private static final Map<String, List<String>> COMPLETED = Map.of(
            "./jeton ap", List.of("apis", "apps"),
            "jeton --url http://x/ apps cr", List.of("create"),
            "jeton apps list --jso", List.of("--json"),
            "jeton apps create X --type n", List.of("native", "non_interactive"),
            "jeton snippet py", List.of("python"),
            "jeton hooks check --kind act", List.of("action"),
            "jeton serve --log-format te", List.of("text"),
            "jeton serve --data fold", List.of("folder"),
            "jeton config show --js", List.of("--json"),
            "jeton sample timesheets --k", List.of("--keep"));

    /** Calls the completion function with each of its arguments, as the shell would, and prints what comes of it on a line. */
    private static final String IN_BASH_OR_ZSH = """
            compopt() { :; }
            for typed; do
              set -- $typed
              COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMPREPLY=()
              _complete_jeton
              echo "${COMPREPLY[*]%/}"
            done
            """;

    @TempDir
    Path folder;

    private Result jeton(String... args) {
        return new CommandLineRun(folder).run(args);
    }

    private List<List<String>> completed(String shell, List<String> options, String script) {
        Optional<Path> program = new CommandLineRun(folder)
                .with("PATH", "/usr/bin:/bin:/usr/local/bin")
                .shell(System.out, System.err)
                .program(shell);
        assumeThat(program).as("there is a " + shell).isPresent();
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        command.addAll(options);
        try {
            Files.createDirectories(folder.resolve("folder"));
            command.add(Files.writeString(folder.resolve("test"), script).toString());
            List<String> typed = List.copyOf(COMPLETED.keySet());
            command.addAll(typed);
            ChildProcess.Ended ended = new ChildProcess(
                            command,
                            folder,
                            Map.of("HOME", folder.toString()),
                            Optional.empty(),
                            Duration.ofSeconds(60),
                            1 << 20)
                    .run();
            assertThat(ended.complaint()).isEmpty();
            List<String> offered = ended.output().lines().toList();
            return IntStream.range(0, typed.size())
                    .mapToObj(i -> fitting(typed.get(i), offered.get(i)))
                    .toList();
        } catch (IOException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** zsh itself drops what does not begin with what is typed. */
    private static List<String> fitting(String typed, String offered) {
        String word = typed.substring(typed.lastIndexOf(' ') + 1);
        return Stream.of(offered.split(" "))
                .filter(each -> each.startsWith(word))
                .sorted()
                .toList();
    }

    @Test
    void completes_commands_options_and_values_in_bash() {
        String script = jeton("completion", "bash").out();

        assertThat(completed("bash", List.of("--norc"), script + IN_BASH_OR_ZSH))
                .isEqualTo(List.copyOf(COMPLETED.values()));
        assertThat(script).endsWith("complete -F _complete_jeton -o default jeton jeton.sh jeton.bash\n");
    }

    @Test
    void completes_the_same_in_zsh() {
        String script = jeton("completion", "zsh").out();

        assertThat(completed(
                        "zsh",
                        List.of("-f"),
                        "autoload -U compinit && compinit -u -D\n" + script + "emulate ksh\n" + IN_BASH_OR_ZSH))
                .isEqualTo(List.copyOf(COMPLETED.values()));
    }

    @Test
    void completes_the_same_in_fish() {
        String script = jeton("completion", "fish").out() + """
                for typed in $argv
                    echo (complete -C $typed | string replace -r '/?\\t.*|/$' '')
                end
                """;

        assertThat(completed("fish", List.of("--no-config"), script)).isEqualTo(List.copyOf(COMPLETED.values()));
    }

    @Test
    void knows_every_command_that_the_launcher_gives_to_others() throws IOException {
        Matcher launched =
                Pattern.compile("(?m)^  ([a-z]+(?: \\| [a-z]+)*)\\)$").matcher(Files.readString(Path.of("../jeton")));
        List<String> others = launched.results()
                .flatMap(found -> Stream.of(found.group(1).split(" \\| ")))
                .toList();

        assertThat(ServerCommands.all()).extracting(CommandSpec::name).containsExactlyInAnyOrderElementsOf(others);
        assertThat(jeton("--help").out())
                .contains(others.stream().map(name -> "\n  " + name + " ").toList());
    }

    @Test
    void knows_no_other_shell() {
        assertThat(jeton("completion", "csh")).isEqualTo(new Result(2, "", """
                        jeton: there is completion for bash, zsh and fish, not for 'csh'
                        """));
    }
}
