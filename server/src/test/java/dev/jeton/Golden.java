package dev.jeton;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;

/** Compares what a test made with a file under {@code src/test/resources/golden}, whose changes are reviewed. */
public final class Golden {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");

    private Golden() {}

    /** Fails if {@code actual} differs from the file; with {@code -Dgolden.update=true} it becomes the file. */
    public static void check(String file, String actual) {
        check(FOLDER.resolve(file), actual);
    }

    /** The same with a file that stands elsewhere; relative to the module. */
    public static void check(Path golden, String actual) {
        try {
            if (Boolean.getBoolean("golden.update")) {
                Files.createDirectories(golden.getParent());
                Files.writeString(golden, actual);
            }
            Assertions.assertThat(actual)
                    .as("%s; if the change is meant, run 'make golden' and review the diff", golden)
                    .isEqualTo(Files.readString(golden));
        } catch (NoSuchFileException e) {
            throw new AssertionError(golden + " is missing; 'make golden' writes it:\n" + actual, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
