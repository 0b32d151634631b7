package dev.jeton.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in the pages on verifying tokens is code that is compiled and run elsewhere; the page says where. */
class DocumentedCodeTest {
    private static final Path HOME = Path.of(System.getProperty("jeton.home", ".."));
    private static final Pattern BLOCK = Pattern.compile(
            "(?:<!-- (?<source>\\S+) -->\\n)?```(?<language>java|js|json|properties|csv)\\n(?<code>.*?)\\n```",
            Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"verify.md", "sample.md"})
    void is_to_be_found_in_the_file_that_is_named_above_it(String page) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(HOME.resolve("docs").resolve(page)));
        int blocks = 0;
        while (block.find()) {
            String code = block.group("code");
            assertThat(block.group("source"))
                    .as("the file with this code:\n%s", code)
                    .isNotNull();
            String source = Files.readString(HOME.resolve(block.group("source")));
            assertThat(withoutIndentation(source)).contains(withoutIndentation(code));
            blocks++;
        }
        assertThat(blocks).isPositive();
    }

    private static String withoutIndentation(String code) {
        List<String> lines = code.lines().map(String::strip).toList();
        return String.join("\n", lines);
    }
}
