package dev.jeton.samples.timesheets.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored entry, as callers see it; {@code id} counts from 1. */
record Timesheet(
        long id,
        @Nullable String entryId,
        String userId,
        Instant date,
        String project,
        double hours,
        boolean approved) {

    /** Whether this is what became of that entry, approved since or not. */
    boolean isOf(Entry entry) {
        return entry.equals(new Entry(entryId, userId, date, project, hours));
    }
}
