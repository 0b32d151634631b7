package dev.jeton.e2e.tools;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;

/**
 * What a tool was asked to do, and how that failed if it did.
 *
 * <p>The file {@code pending.txt} lists the steps that the server cannot do yet: they must fail, so that whoever makes one pass
 * takes it from the list.
 */
record Step(String name, Optional<String> failure) {
    private static final Map<String, String> PENDING = pending();

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

    private static Map<String, String> pending() {
        try {
            return Files.readAllLines(ToolServer.file("pending.txt")).stream()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DynamicTest test() {
        return DynamicTest.dynamicTest(name, () -> {
            String lacking = PENDING.get(name);
            if (lacking == null) {
                failure.ifPresent(message -> fail("%s", message));
            } else if (failure.isEmpty()) {
                fail("passes now; take it from pending.txt, where the server lacks: " + lacking);
            }
        });
    }
}
