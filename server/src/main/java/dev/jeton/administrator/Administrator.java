package dev.jeton.administrator;

import dev.jeton.audit.Actor;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A person who may sign in to the dashboard.
 *
 * @param name unique without case
 * @param signedInAt when last
 */
public record Administrator(
        String id, String name, Role role, Instant createdAt, Instant updatedAt, Optional<Instant> signedInAt) {
    /** So many there are at most: lists of them have no pages. */
    static final int MOST = 1_000;

    static final int MAX_NAME = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1," + MAX_NAME + "}");

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** What two names have in common that differ in case only. */
    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    Actor.OfAdministrator actor() {
        return new Actor.OfAdministrator(id, name);
    }
}
