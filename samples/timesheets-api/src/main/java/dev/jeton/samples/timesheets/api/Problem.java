package dev.jeton.samples.timesheets.api;

import org.jspecify.annotations.Nullable;

/**
 * The body of every answer that is not a success.
 *
 * @param error for programs; never changes its meaning
 * @param errorDescription for people; what is wrong and what to do about it
 * @param field the member of the request's body that it is about, if it is about one
 */
record Problem(
        String error, String errorDescription, @Nullable String field) {}
