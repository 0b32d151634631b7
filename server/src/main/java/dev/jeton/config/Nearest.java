package dev.jeton.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that somebody who wrote an unknown one probably meant. */
final class Nearest {
    private Nearest() {}

    /** The end of a sentence about an unknown name: {@code ; did you mean <name>?}, or a pointer to the help if nothing is near. */
    static String hint(String unknown, Collection<String> known) {
        return find(unknown, known)
                .map(name -> "; did you mean " + name + "?")
                .orElse("; `jeton serve --help` lists all there are");
    }

    static Optional<String> find(String unknown, Collection<String> known) {
        int farthest = Math.max(2, unknown.length() / 3);
        return known.stream()
                .filter(name -> distance(unknown, name) <= farthest)
                .min(Comparator.comparingInt(name -> distance(unknown, name)));
    }

    /** Levenshtein's; a right last word under a wrong group, as in {@code http.port}, is near too. */
    private static int distance(String unknown, String name) {
        int whole = levenshtein(unknown, name);
        boolean sameLastWord = unknown.contains(".") && lastWord(unknown).equals(lastWord(name));
        return sameLastWord ? Math.min(whole, 1) : whole;
    }

    private static String lastWord(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private static int levenshtein(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[b.length()];
    }
}
