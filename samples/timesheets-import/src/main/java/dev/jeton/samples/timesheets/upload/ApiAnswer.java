package dev.jeton.samples.timesheets.upload;

import java.time.Duration;
import java.util.Optional;

/** What the Timesheets API made of one entry. */
sealed interface ApiAnswer {
    /** The entry is stored now, under this id. */
    record Created(String id) implements ApiAnswer {}

    /** The entry was stored before, by an earlier run. */
    record AlreadyThere() implements ApiAnswer {}

    /** The API does not take this entry, now or later; the others are not concerned. */
    record EntryRefused(String reason) implements ApiAnswer {}

    /** 401: the token was not accepted. */
    record TokenRefused(String reason) implements ApiAnswer {}

    /**
     * 403: the token is good, and does not allow this.
     *
     * @param scope what it would need (RFC 6750 §3); empty if the API does not say
     */
    record NotAllowed(Optional<String> scope) implements ApiAnswer {}

    /** It cannot now, or was not reached; whether the entry is stored is not known. */
    record NotNow(String reason, Duration retryAfter) implements ApiAnswer {}

    /** Not an answer of the Timesheets API. */
    record Foreign(String reason) implements ApiAnswer {}
}
