package dev.jeton.e2e.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a tool was asked to do, and how that failed if it did.
 *
 * <p>The file {@code pending.txt} lists the steps that the server cannot do yet: they must fail, so that whoever makes one pass
 * takes it from the list.
 */
record Step(String name, Optional<String> failure) {
    /** Something that a step does. */
    interface Action {
        void run() throws Exception;
    }

    static Step of(String name, Action action) {
        try {
            action.run();
            return new Step(name, Optional.empty());
        } catch (Exception | AssertionError e) {
            return new Step(name, Optional.of(e.toString()));
        }
    }

    /** The tests of the steps that a program printed, one line of JSON for each. */
    static Stream<DynamicTest> printed(String lines) {
        List<Step> steps = lines.lines()
                .map(JsonMapper.shared()::readTree)
                .map(line -> new Step(
                        line.path("step").asString(),
                        Optional.ofNullable(line.path("failed").asString(null))))
                .toList();
        assertThat(steps).isNotEmpty();
        return steps.stream().map(Step::test);
    }

    /** Read where the tests are, and not in a program that runs for them. */
    private static final class Pending {
        static final Map<String, String> LACKING = read();

        private static Map<String, String> read() {
            try {
                return Files.readAllLines(ToolServer.file("pending.txt")).stream()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .map(line -> line.split(" \\| ", 2))
                        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    DynamicTest test() {
        return DynamicTest.dynamicTest(name, () -> {
            String lacking = Pending.LACKING.get(name);
            if (lacking == null) {
                failure.ifPresent(message -> fail("%s", message));
            } else if (failure.isEmpty()) {
                fail("passes now; take it from pending.txt, where the server lacks: " + lacking);
            }
        });
    }
}
