package dev.jeton.config;

import java.util.Locale;
import java.util.Set;

/**
 * One thing an operator may set, under the same name as a flag, an environment variable and a key of the file.
 *
 * @param key dotted, as in the file
 * @param doc one sentence
 */
record Setting<T>(String key, Kind<T> kind, Absent absent, Set<Place> places, boolean secret, String doc) {
    private static final String PREFIX = "JETON_";

    /** What holds when nothing is given. */
    sealed interface Absent {
        record Default(String text) implements Absent {}

        /** No value; {@code words} say what happens then. */
        record Unset(String words) implements Absent {}
    }

    Setting {
        places = Set.copyOf(places);
    }

    String flag() {
        return flag(key);
    }

    static String flag(String key) {
        return "--" + key.replace('.', '-').replace('_', '-');
    }

    String variable() {
        return PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    boolean isGivenBy(Place place) {
        return places.contains(place);
    }

    /** A secret may be in a file of its own, named by this key; its variable ends in {@code _FILE}. */
    String fileKey() {
        return key + "_file";
    }

    /** Where else to set it, for somebody who tried a flag. */
    String withoutFlag() {
        return secret
                ? "set " + variable() + ", or " + variable() + "_FILE to the file that holds it"
                : "set " + variable() + " or " + key + " in the file named by --config";
    }
}
