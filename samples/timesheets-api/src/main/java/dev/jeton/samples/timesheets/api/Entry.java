package dev.jeton.samples.timesheets.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Hours that somebody worked, as they are reported.
 *
 * @param entryId the reporter's own name for this entry; one that is sent again is stored once
 * @param hours above 0 and at most 24
 */
record Entry(@Nullable String entryId, String userId, Instant date, String project, double hours) {}
