package dev.jeton.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every command stands in {@code docs/cli.md}, with the help that it gives. */
class CommandReferenceTest {
    private static final Path PAGE = Path.of("../docs/cli.md");
    private static final String MADE = "by CommandReferenceTest. -->\n";
    /** The line that refers to the options of every command, which the page has once. */
    private static final Pattern OF_EVERY_COMMAND = Pattern.compile("(?m)^And --json, .*\\n\\n?");

    @Test
    void the_page_has_the_help_of_every_command() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder made = new StringBuilder(page.substring(0, page.indexOf(MADE) + MADE.length()));
        EveryCommand.all().forEach(command -> {
            int level = Math.max(2, command.name().split(" ").length);
            String help = command.line().getUsageMessage();
            made.append("\n%s %s\n\n```text\n%s\n```\n"
                    .formatted(
                            "#".repeat(level),
                            command.name(),
                            OF_EVERY_COMMAND.matcher(help).replaceAll("").strip()));
        });
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, made);
        }
        assertThat(made.toString())
                .as("%s; if the change is meant, run 'make golden' and review the diff", PAGE)
                .isEqualTo(Files.readString(PAGE));
    }
}
