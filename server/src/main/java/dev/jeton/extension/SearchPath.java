package dev.jeton.extension;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders in which this server's {@code PATH} has it look for programs. */
record SearchPath(String value) {
    private static final String IF_UNSET = "/usr/local/bin:/usr/bin:/bin";

    static SearchPath of(Map<String, String> environment) {
        return new SearchPath(environment.getOrDefault("PATH", IF_UNSET));
    }

    /** The first program of that name. */
    Optional<Path> find(String program) {
        return Stream.of(value.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
