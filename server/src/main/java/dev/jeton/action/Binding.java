package dev.jeton.action;

import java.time.Instant;

/** An Action in its place at its trigger. */
record Binding(String id, Action action, String displayName, Instant createdAt, Instant updatedAt) {
    /** How many a trigger has at most. */
    static final int MOST = 20;

    static final int MAX_DISPLAY_NAME = 255;
}
