package dev.jeton.samples.timesheets.upload;

import dev.jeton.tokenclient.Token;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The Timesheets API as seen from here: sends an entry, and says what came of it. */
final class TimesheetsApi {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern SCOPE = Pattern.compile("\\bscope=\"([A-Za-z0-9:._/ -]{1,200})\"");
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // a redirect would carry the token elsewhere
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    private final URI upload;
    private final Duration timeout;
    private final InstantSource clock;

    /** @param timeout for one request, to the last byte of its answer */
    TimesheetsApi(URI base, Duration timeout, InstantSource clock) {
        this.upload = URI.create(base + "/timesheets/upload");
        this.timeout = timeout;
        this.clock = clock;
    }

    ApiAnswer upload(Entry entry, Token token) throws InterruptedException {
        String body = JSON.writeValueAsString(JSON.createObjectNode()
                .put("entry_id", entry.entryId())
                .put("user_id", entry.userId())
                .put("date", entry.date())
                .put("project", entry.project())
                .put("hours", entry.hours()));
        HttpRequest request = HttpRequest.newBuilder(upload)
                .header("Authorization", token.authorization())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        // Waited for here, as HttpRequest.timeout ends with the head of the answer and lets the body take for ever.
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, head -> new AnswerBody());
        try {
            return read(entry, exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException tooLong) {
            return new ApiAnswer.NotNow("no answer within " + timeout.toMillis() + " ms", Duration.ZERO);
        } catch (ExecutionException e) {
            return new ApiAnswer.NotNow("no connection, or it broke (" + nameOf(e) + ")", Duration.ZERO);
        } finally {
            exchange.cancel(true);
        }
    }

    private static String nameOf(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getClass().getSimpleName();
    }

    private ApiAnswer read(Entry entry, HttpResponse<byte[]> answer) {
        JsonNode json = json(answer.body());
        int status = answer.statusCode();
        return switch (status) {
            case 200, 201 -> stored(entry, status, json);
            case 400, 409 -> entryRefused(status, json);
            case 401 -> new ApiAnswer.TokenRefused(inWords(status, json));
            case 403 -> new ApiAnswer.NotAllowed(missingScope(answer.headers()));
            default ->
                status == 429 || status >= 500
                        ? new ApiAnswer.NotNow("it answered " + inWords(status, json), retryAfter(answer.headers()))
                        : new ApiAnswer.Foreign(inWords(status, json));
        };
    }

    /** Whatever else may answer with 200, a proxy's page, must not count as an entry that is stored. */
    private static ApiAnswer stored(Entry entry, int status, JsonNode json) {
        if (!json.path("entry_id").asString("").equals(entry.entryId())
                || !json.path("id").isIntegralNumber()) {
            return new ApiAnswer.Foreign(status + " without the stored entry");
        }
        return status == 201 ? new ApiAnswer.Created(json.path("id").asString()) : new ApiAnswer.AlreadyThere();
    }

    private static ApiAnswer entryRefused(int status, JsonNode json) {
        String error = json.path("error").asString("");
        if (!error.equals("invalid_entry") && !error.equals("conflict")) {
            return new ApiAnswer.Foreign(inWords(status, json)); // not about the entry
        }
        String field = json.path("field").asString("");
        return new ApiAnswer.EntryRefused(
                inWords(status, json) + (field.isEmpty() ? "" : ", field " + Printable.of(field)));
    }

    /** As {@code 409 conflict (this entry_id is there with other content)}. */
    private static String inWords(int status, JsonNode json) {
        String error = json.path("error").asString("");
        String description = json.path("error_description").asString("");
        return status
                + (error.isEmpty() ? "" : " " + Printable.of(error))
                + (description.isEmpty() ? "" : " (" + Printable.of(description) + ")");
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException notJson) {
            return MissingNode.getInstance();
        }
    }

    /** RFC 6750 §3: {@code WWW-Authenticate: Bearer error="insufficient_scope", scope="batch:upload"}. */
    private static Optional<String> missingScope(HttpHeaders headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .map(SCOPE::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    /** Retry-After, RFC 9110 §10.2.3: seconds, or a date; zero if there is none. */
    private Duration retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("");
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), date);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException none) {
            return Duration.ZERO;
        }
    }
}
