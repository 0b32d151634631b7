package dev.jeton.doctor;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.ConfigReader.Examined;
import dev.jeton.config.DataFiles;
import dev.jeton.config.DataFolder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all checks look at: the settings of a server, and the machine by its environment and clock. */
record Setup(
        Config config, DataFiles files, List<Path> secretFiles, Map<String, String> environment, InstantSource clock) {

    static Setup of(Examined examined, Map<String, String> environment, InstantSource clock) {
        return new Setup(
                examined.config(), new DataFiles(examined.config().data()), examined.secretFiles(), environment, clock);
    }

    /** The server that runs on the data folder, as {@code process 4711}. */
    Optional<String> runningServer() throws IOException {
        return DataFolder.heldBy(files.folder());
    }

    /** Whether there is such a file in the data folder; who may not look into that cannot tell. */
    boolean exists(Path file) throws AccessDeniedException {
        if (Files.isDirectory(files.folder()) && !Files.isExecutable(files.folder())) {
            throw new AccessDeniedException(files.folder().toString());
        }
        return Files.exists(file);
    }

    /** A message of {@link ConfigException}, in one line. */
    static String line(ConfigException e) {
        return String.join(" ", String.valueOf(e.getMessage()).split("\\R"));
    }
}
