package dev.jeton.cli;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A command, as picocli knows it, and the examples in its help. */
record EveryCommand(CommandLine line) {

    /** All of them, groups and {@code jeton} itself included. */
    static List<EveryCommand> all() {
        ByteArrayOutputStream nowhere = new ByteArrayOutputStream();
        Shell shell = new CommandLineRun(Path.of("")).shell(nowhere, nowhere);
        return withSubcommands(Commands.line(shell, List.of()))
                .map(EveryCommand::new)
                .toList();
    }

    private static Stream<CommandLine> withSubcommands(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(EveryCommand::withSubcommands));
    }

    String name() {
        return line.getCommandSpec().qualifiedName();
    }

    boolean isGroup() {
        return !line.getSubcommands().isEmpty();
    }

    /** The arguments of each call of {@code jeton} in the examples. */
    List<List<String>> examples() {
        String footer = line.getHelp().footer().replace("\\\n", " ").replace('"', ' ');
        return Stream.of(footer.split("\n|\\||>|[$<]\\(|\\)"))
                .map(EveryCommand::words)
                .filter(words -> !words.isEmpty() && words.getFirst().equals("jeton"))
                .map(words -> words.subList(1, words.size()))
                .toList();
    }

    /** As a shell takes them apart that knows no quotes but single ones. */
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        String[] parts = command.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                words.add(parts[i]);
            } else {
                Stream.of(parts[i].split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .forEach(words::add);
            }
        }
        return words;
    }

    /** Whether these are arguments of it, or of one of its commands. */
    boolean isCalledBy(List<String> arguments) {
        return ("jeton " + String.join(" ", arguments) + " ").startsWith(name() + " ");
    }

    @Override
    public String toString() {
        return name();
    }
}
