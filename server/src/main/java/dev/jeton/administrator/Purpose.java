package dev.jeton.administrator;

import java.util.Locale;

/** What a one-time link is for. */
enum Purpose {
    /** The first administrator. */
    FIRST,
    /** One more. */
    INVITATION,
    /** A new password for one. */
    RESET;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Purpose of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
