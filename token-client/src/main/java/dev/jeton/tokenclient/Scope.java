package dev.jeton.tokenclient;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The text of a scope, RFC 6749 §3.3: values separated by single spaces. */
final class Scope {
    private static final Pattern VALUE = Pattern.compile("[!#-\\[\\]-~]++");

    private Scope() {}

    static boolean isValid(String scope) {
        return split(scope).stream().allMatch(value -> VALUE.matcher(value).matches());
    }

    /** Its values, in its order; none for the empty text. */
    static Set<String> values(String scope) throws MalformedAnswerException {
        if (scope.isEmpty()) {
            return Set.of();
        }
        if (!isValid(scope)) {
            throw new MalformedAnswerException("has a scope that is not values separated by spaces");
        }
        return new LinkedHashSet<>(split(scope));
    }

    private static List<String> split(String scope) {
        return List.of(scope.split(" ", -1));
    }
}
