package dev.jeton.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The text that counts for each setting, from the first place that has it, or its default. */
final class Values {
    private static final int MAX_SECRET_BYTES = 64 * 1024;

    private final Map<String, Found> found = new HashMap<>();
    private final List<Path> secretFiles = new ArrayList<>();

    private Values() {}

    /**
     * Chooses, and checks each value alone; one that is wrong counts as not given.
     *
     * @param places in the order of precedence; each has its values by key
     */
    static Values choose(List<Map<String, Found>> places, Problems problems) {
        Values values = new Values();
        for (Setting<?> setting : Settings.ALL) {
            values.choose(setting, places, problems);
            values.check(setting, problems);
        }
        return values;
    }

    private void choose(Setting<?> setting, List<Map<String, Found>> places, Problems problems) {
        takeDefault(setting);
        for (Map<String, Found> place : places) {
            Found direct = place.get(setting.key());
            Found file = place.get(setting.fileKey());
            if (direct != null && file != null) {
                problems.add(setting, direct, file.origin() + " gives it too; leave one out");
            }
            if (direct != null) {
                found.put(setting.key(), direct);
                return;
            }
            if (file != null) {
                readSecret(setting, file, problems);
                return;
            }
        }
    }

    private void takeDefault(Setting<?> setting) {
        found.remove(setting.key());
        if (setting.absent() instanceof Setting.Absent.Default(String text)) {
            found.put(setting.key(), new Found(text, Found.DEFAULT));
        }
    }

    private void readSecret(Setting<?> setting, Found file, Problems problems) {
        try (InputStream in = Files.newInputStream(Path.of(file.text()))) {
            String text = new String(in.readNBytes(MAX_SECRET_BYTES), StandardCharsets.UTF_8);
            // Editors and echo end a file with a line break that is no part of the secret.
            found.put(setting.key(), new Found(text.replaceFirst("\\R+$", ""), file.origin()));
            secretFiles.add(Path.of(file.text()));
        } catch (IOException e) {
            problems.add(
                    setting,
                    file,
                    "the file " + file.text() + " cannot be read (" + ConfigException.reason(e)
                            + "); name one that holds the secret and that this user can read");
        } catch (InvalidPathException _) {
            problems.add(setting, file, "this is not a path; name the file that holds the secret");
        }
    }

    private void check(Setting<?> setting, Problems problems) {
        Found value = found.get(setting.key());
        if (value != null) {
            try {
                setting.kind().parse(value.text());
            } catch (IllegalArgumentException e) {
                problems.add(setting, value, String.valueOf(e.getMessage()));
                takeDefault(setting);
            }
        }
    }

    /** The value given, or its default; empty for a setting that has neither. */
    <T> Optional<T> find(Setting<T> setting) {
        return origin(setting).map(value -> setting.kind().parse(value.text()));
    }

    /** The value of a setting that has a default. */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.key() + " has no default"));
    }

    /** The files that secrets were read from. */
    List<Path> secretFiles() {
        return secretFiles;
    }

    Optional<Found> origin(Setting<?> setting) {
        return Optional.ofNullable(found.get(setting.key()));
    }
}
