package dev.jeton.samples.timesheets.upload;

import java.math.BigDecimal;

/**
 * Hours that somebody worked, as the external system recorded them.
 *
 * @param line where it is in the file, from 1
 * @param entryId the external system's id: the API stores each once, so that an upload may be repeated
 * @param date when the work began, an instant in ISO 8601
 */
record Entry(int line, String entryId, String userId, String date, String project, BigDecimal hours) {}
