package dev.jeton.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The commands of {@code ./jeton} that other programs than this one run, as far as their completion needs them. The flags
 * of the server are those of its {@code --help}, line by line; its tests compare them.
 */
final class ServerCommands {
    private static final String FLAGS = "server-flags.txt";

    private ServerCommands() {}

    static List<CommandSpec> all() {
        return List.of(
                withFlags("serve", "Start the server."),
                withFlags("quickstart", "Start a demo server, ask it for a token and show it decoded."),
                command("config", "The server's configuration.")
                        .addSubcommand(
                                "show",
                                withFlags("show", "Show the effective configuration, secrets masked.")
                                        .addOption(switchedBy("--json"))),
                withFlags("rewrap", "Encrypt the stored keys and secrets with a new master key."),
                withFlags("recover", "Regain administrator access with the server's data folder."),
                withFlags("doctor", "Look at this machine and at a server's settings."),
                command("sample", "Run a worked example.")
                        .addSubcommand(
                                "timesheets",
                                command("timesheets", "An API, and a job that uploads to it.")
                                        .addOption(switchedBy("--keep"))));
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec command = CommandSpec.create().name(name).addOption(switchedBy("--help"));
        command.usageMessage().description(description);
        return command;
    }

    private static CommandSpec withFlags(String name, String description) {
        CommandSpec command = command(name, description);
        flags().map(ServerCommands::flag).forEach(command::addOption);
        return command;
    }

    private static OptionSpec switchedBy(String name) {
        return OptionSpec.builder(name).type(boolean.class).build();
    }

    /** @param line of the help, as in {@code --log-format <auto|text|json>} */
    private static OptionSpec flag(String line) {
        int space = line.indexOf(' ');
        String values = line.substring(space + 2, line.length() - 1);
        OptionSpec.Builder flag = OptionSpec.builder(line.substring(0, space))
                .paramLabel(line.substring(2, space))
                .type(values.equals("path") ? Path.class : String.class);
        return (values.contains("|") ? flag.completionCandidates(List.of(values.split("\\|"))) : flag).build();
    }

    private static Stream<String> flags() {
        try (InputStream in = ServerCommands.class.getResourceAsStream(FLAGS)) {
            byte[] bytes = Objects.requireNonNull(in, "the jar has no " + FLAGS).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
