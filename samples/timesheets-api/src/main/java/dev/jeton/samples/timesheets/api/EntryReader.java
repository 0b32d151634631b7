package dev.jeton.samples.timesheets.api;

import static org.springframework.http.HttpStatus.BAD_REQUEST;
import static org.springframework.http.HttpStatus.CONTENT_TOO_LARGE;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads an {@link Entry} from the body of a request. Nothing is converted or guessed: each member has its one JSON type,
 * and the answer to a mistake names the member and what it has to be.
 */
@Component
final class EntryReader {
    private static final int MAX_BYTES = 64 * 1024;
    private static final double HOURS_OF_A_DAY = 24;

    private final JsonMapper json;

    EntryReader(JsonMapper json) {
        this.json = json;
    }

    /** An entry for the user that it names. */
    Entry read(InputStream body) throws IOException {
        JsonNode entry = object(body, Set.of("entry_id", "user_id", "date", "project", "hours"));
        return entry(entry, text(entry, "user_id", 100));
    }

    /** An entry of this user, which names none. */
    Entry readFor(String userId, InputStream body) throws IOException {
        return entry(object(body, Set.of("entry_id", "date", "project", "hours")), userId);
    }

    private static Entry entry(JsonNode entry, String userId) {
        return new Entry(
                entry.has("entry_id") ? text(entry, "entry_id", 100) : null,
                userId,
                date(entry.get("date")),
                text(entry, "project", 200),
                hours(entry.get("hours")));
    }

    private JsonNode object(InputStream body, Set<String> members) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new Refused(CONTENT_TOO_LARGE, "too_large", "Send at most 65536 bytes.");
        }
        JsonNode object;
        try {
            object = json.readTree(bytes);
        } catch (JacksonException e) {
            throw new Refused(BAD_REQUEST, "invalid_json", "The body is not JSON in UTF-8; correct its syntax.");
        }
        if (object.isMissingNode()) {
            throw new Refused(BAD_REQUEST, "invalid_json", "The body is empty; send a JSON object.");
        }
        if (!object.isObject()) {
            throw new Refused(BAD_REQUEST, "invalid_entry", "Send one JSON object, and nothing around it.");
        }
        for (String name : object.propertyNames()) {
            if (!members.contains(name)) {
                throw invalid(name, name + " is not taken here; leave it out.");
            }
        }
        return object;
    }

    private static String text(JsonNode entry, String name, int maxLength) {
        JsonNode member = entry.get(name);
        if (member == null
                || !member.isString()
                || member.stringValue().isEmpty()
                || member.stringValue().length() > maxLength) {
            throw invalid(name, name + " has to be a string of 1 to " + maxLength + " characters.");
        }
        return member.stringValue();
    }

    private static Instant date(@Nullable JsonNode member) {
        try {
            if (member != null && member.isString()) {
                return OffsetDateTime.parse(member.stringValue()).toInstant();
            }
        } catch (DateTimeParseException e) {
            // answered as what is no string
        }
        throw invalid("date", "date has to be an ISO-8601 instant with its zone, such as 2026-11-20T09:00:00Z.");
    }

    private static double hours(@Nullable JsonNode member) {
        double hours = member != null && member.isNumber() ? member.doubleValue() : Double.NaN;
        if (hours > 0 && hours <= HOURS_OF_A_DAY) {
            return hours;
        }
        throw invalid("hours", "hours has to be a number above 0 and at most 24.");
    }

    private static Refused invalid(String field, String description) {
        return new Refused(BAD_REQUEST, new Problem("invalid_entry", description, field));
    }
}
