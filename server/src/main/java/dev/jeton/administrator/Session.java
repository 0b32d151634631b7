package dev.jeton.administrator;

import java.time.Instant;

/**
 * A sign-in that has not ended.
 *
 * @param digest of the cookie's value; its name in the database and in the feed of changes
 * @param usedAt to the minute
 */
record Session(String digest, String administratorId, Instant startedAt, Instant usedAt) {}
