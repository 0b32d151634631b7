package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.TokenEvent;
import dev.jeton.audit.AuditEvent.TokenIssued;
import dev.jeton.audit.AuditEvent.TokenRefused;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A decision of the token endpoint as it is stored; null is what the kind does not have.
 *
 * @param clientName null if the client did not prove to be that client
 * @param reasonCode a {@link dev.jeton.oauth.RefusalReason} by its name; null in rows of older servers too
 * @param granted the scope that the client may ask for, where that was too little
 * @param execution that users' code ran, as JSON: {@code {"duration_ms": 1.2, "results": […]}}
 * @param count how many refusals a folded row stands for, otherwise 1
 */
record TokenRow(
        Kind kind,
        long atMs,
        @Nullable String clientId,
        @Nullable String clientName,
        @Nullable String resourceServerId,
        @Nullable String audience,
        @Nullable String scope,
        @Nullable String jti,
        @Nullable String error,
        @Nullable String description,
        @Nullable String reason,
        @Nullable String reasonCode,
        @Nullable String granted,
        String ip,
        @Nullable String userAgent,
        String requestId,
        @Nullable String execution,
        long count) {
    /** What was decided; the code is what is stored. */
    enum Kind {
        GRANTED(0),
        REFUSED(1),
        /** Refusals of strangers that were counted and not written one by one. */
        FOLDED(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind of(int code) {
            return Arrays.stream(values())
                    .filter(kind -> kind.code == code)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A row and the key of its position. */
    record Stored(long key, TokenRow row) {}

    private static final int MAX_ID = 64;
    private static final int MAX_NAME = 256;
    private static final int MAX_AUDIENCE = 600;
    private static final int MAX_TEXT = 1_024;
    /** Of an error in an execution; the reason of the refusal has it in full. */
    private static final int MAX_ERROR = 200;

    private static final JsonFactory JSON = new JsonFactory();
    /** Room for every scope that a client is granted: what was given must not be cut. */
    private static final int MAX_SCOPE = 65_536;

    private static final char REPLACEMENT = '\ufffd';

    static TokenRow of(TokenEvent event) {
        AuditEvent.Source source = event.source();
        return switch (event) {
            case TokenIssued issued ->
                new TokenRow(
                        Kind.GRANTED,
                        issued.at().toEpochMilli(),
                        clean(issued.client().value(), MAX_ID),
                        clean(issued.clientName(), MAX_NAME),
                        clean(issued.resourceServerId(), MAX_ID),
                        clean(issued.audience().value(), MAX_AUDIENCE),
                        clean(issued.scope().toString(), MAX_SCOPE),
                        clean(issued.jti(), MAX_ID),
                        null,
                        null,
                        null,
                        null,
                        null,
                        clean(source.ip(), MAX_ID),
                        cleanOrNull(source.userAgent(), MAX_NAME),
                        clean(source.requestId(), MAX_ID),
                        issued.execution().map(TokenRow::json).orElse(null),
                        1);
            case TokenRefused refused -> of(refused, source);
        };
    }

    private static TokenRow of(TokenRefused refused, AuditEvent.Source source) {
        return new TokenRow(
                Kind.REFUSED,
                refused.at().toEpochMilli(),
                refused.client() == null ? null : clean(refused.client().value(), MAX_ID),
                cleanOrNull(refused.clientName(), MAX_NAME),
                cleanOrNull(refused.resourceServerId(), MAX_ID),
                refused.audience() == null ? null : clean(refused.audience().value(), MAX_AUDIENCE),
                refused.scope() == null ? null : clean(refused.scope().toString(), MAX_TEXT),
                null,
                clean(refused.error(), MAX_ID),
                clean(refused.description(), MAX_TEXT),
                clean(refused.reason(), MAX_TEXT),
                refused.code().wireName(),
                refused.granted() == null ? null : clean(refused.granted().toString(), MAX_TEXT),
                clean(source.ip(), MAX_ID),
                cleanOrNull(source.userAgent(), MAX_NAME),
                clean(source.requestId(), MAX_ID),
                refused.execution().map(TokenRow::json).orElse(null),
                1);
    }

    /** The row for that many refusals like {@code last}; who they said they were is left out, as it may differ. */
    static TokenRow folded(TokenRefused last, String ip, long count) {
        TokenRow row = of(last, last.source());
        return new TokenRow(
                Kind.FOLDED,
                row.atMs,
                null,
                null,
                null,
                null,
                null,
                null,
                row.error,
                row.description,
                row.reason,
                row.reasonCode,
                null,
                clean(ip, MAX_ID),
                null,
                row.requestId,
                null,
                count);
    }

    /** This row, standing for more refusals from more addresses. */
    TokenRow plus(TokenRow other, String ip) {
        return new TokenRow(
                kind,
                Math.max(atMs, other.atMs),
                clientId,
                clientName,
                resourceServerId,
                audience,
                scope,
                jti,
                error,
                description,
                reason,
                reasonCode,
                granted,
                ip,
                userAgent,
                requestId,
                execution,
                count + other.count);
    }

    private static String json(AuditEvent.Execution execution) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("results");
            for (AuditEvent.Execution.Result result : execution.results()) {
                json.writeStartObject();
                json.writeStringProperty("kind", result.kind());
                json.writeStringProperty("id", clean(result.id(), MAX_ID));
                json.writeStringProperty("name", clean(result.name(), MAX_NAME));
                json.writeNumberProperty("duration_ms", ms(result.duration()));
                if (result.error() != null) {
                    json.writeStringProperty("error", clean(result.error(), MAX_ERROR));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberProperty("duration_ms", ms(execution.duration()));
            json.writeEndObject();
        }
        return text.toString();
    }

    /** With three decimals. */
    private static double ms(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos()) / 1_000.0;
    }

    private static @Nullable String cleanOrNull(@Nullable String text, int maxLength) {
        return text == null ? null : clean(text, maxLength);
    }

    /**
     * Cuts to that many characters and replaces those no database or terminal should be shown: control characters
     * (PostgreSQL refuses a whole group for one zero character) and halves of surrogate pairs.
     */
    static String clean(String text, int maxLength) {
        int length = Math.min(text.length(), maxLength);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || (c >= '\u007f' && (c <= '\u009f' || Character.isSurrogate(c)))) {
                return replaced(text, length);
            }
        }
        return length == text.length() ? text : text.substring(0, length);
    }

    private static String replaced(String text, int length) {
        StringBuilder clean = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                clean.append(c).append(text.charAt(++i));
            } else {
                clean.append(Character.isISOControl(c) || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return clean.toString();
    }
}
