package dev.jeton.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration: collected, so that one start shows all of it. */
final class Problems {
    private final List<String> sentences = new ArrayList<>();

    void add(String place, String whatIsWrong) {
        sentences.add(place + ": " + whatIsWrong + (whatIsWrong.endsWith("?") ? "" : "."));
    }

    /** A problem with a value, by its key and where it came from. */
    void add(Setting<?> setting, Found found, String whatIsWrong) {
        add(setting.key() + ", from " + found.origin(), whatIsWrong);
    }

    List<String> sentences() {
        return List.copyOf(sentences);
    }

    void refuseIfAny() {
        if (!sentences.isEmpty()) {
            throw new ConfigException(sentences);
        }
    }
}
