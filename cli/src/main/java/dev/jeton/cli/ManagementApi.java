package dev.jeton.cli;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The management API. Gets its own access token when the first call needs one and keeps it in memory only.
 *
 * <p>Every call takes its goal, as in "cannot create the application", for the message when it is refused.
 */
final class ManagementApi {
    private static final int PAGE = 100;
    private static final Duration RENEW_BEFORE_EXPIRY = Duration.ofSeconds(10);
    /** The server installs npm packages, or runs code, before it answers; both have shorter deadlines there. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    /** For one request that the server has no time for. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final String INSUFFICIENT_SCOPE = "insufficient_scope";
    private static final Map<String, String> WHERE_TO_LOOK = Map.of(
            "inexistent_client", "see the client ids with jeton apps list",
            "inexistent_resource_server", "see the identifiers with jeton apis list",
            "inexistent_client_grant", "see the ids with jeton grants list",
            "inexistent_signing_key", "see the key ids with jeton keys list",
            "inexistent_administrator", "see the names with jeton admin list",
            "inexistent_link", "see the ids with jeton admin links",
            "HookDoesNotExist", "see the Hooks with jeton hooks list",
            "hook_conflict", "choose another name, or change that Hook with jeton hooks edit");

    private final JetonServer server;
    private final Credentials credentials;
    private final InstantSource clock;
    private final Shell.Pause pause;
    private @Nullable BearerToken bearer;

    ManagementApi(JetonServer server, Credentials credentials, InstantSource clock, Shell.Pause pause) {
        this.server = server;
        this.credentials = credentials;
        this.clock = clock;
        this.pause = pause;
    }

    /** A management token and when to ask for the next one. */
    private record BearerToken(Secret value, Instant renewAt) {}

    JsonNode get(String goal, ApiPath path) {
        return call(goal, path, request -> request.GET());
    }

    /** What is there, if anything is. */
    Optional<JsonNode> find(String goal, ApiPath path) {
        Answer answer = answer(goal, path, request -> request.GET());
        return answer.status() == 404 ? Optional.empty() : Optional.of(accepted(goal, answer));
    }

    JsonNode post(String goal, ApiPath path) {
        return call(goal, path, request -> request.POST(HttpRequest.BodyPublishers.noBody()));
    }

    JsonNode post(String goal, ApiPath path, JsonNode body) {
        return call(goal, path, request -> withJson(request).POST(JetonServer.json(body)));
    }

    JsonNode patch(String goal, ApiPath path, JsonNode body) {
        return call(goal, path, request -> withJson(request).method("PATCH", JetonServer.json(body)));
    }

    /** Like {@link #post}, where the answer may take minutes. */
    JsonNode postPatiently(String goal, ApiPath path, JsonNode body) {
        return call(goal, path, request -> withJson(request).timeout(PATIENCE).POST(JetonServer.json(body)));
    }

    /** Like {@link #patch}, where the answer may take minutes. */
    JsonNode patchPatiently(String goal, ApiPath path, JsonNode body) {
        return call(goal, path, request -> withJson(request).timeout(PATIENCE).method("PATCH", JetonServer.json(body)));
    }

    JsonNode put(String goal, ApiPath path) {
        return call(goal, path, request -> request.PUT(HttpRequest.BodyPublishers.noBody()));
    }

    JsonNode put(String goal, ApiPath path, JsonNode body) {
        return call(goal, path, request -> withJson(request).PUT(JetonServer.json(body)));
    }

    void delete(String goal, ApiPath path) {
        call(goal, path, request -> request.DELETE());
    }

    void delete(String goal, ApiPath path, JsonNode body) {
        call(goal, path, request -> withJson(request).method("DELETE", JetonServer.json(body)));
    }

    /** All items of a list that has numbered pages only; {@code plural} is the name under which the answer holds them. */
    List<JsonNode> pages(String goal, ApiPath path, String plural) {
        List<JsonNode> items = new ArrayList<>();
        ApiPath sized = path.with("per_page", String.valueOf(PAGE));
        int before;
        try (Progress.Stage reading = server.waitingFor(goal)) {
            do {
                before = items.size();
                readSoFar(reading, goal, before);
                get(goal, sized.with("page", String.valueOf(before / PAGE)))
                        .path(plural)
                        .values()
                        .forEach(items::add);
            } while (items.size() - before == PAGE);
        }
        return items;
    }

    /** All items of a list, page by page; {@code plural} is the name under which the answer holds them. */
    List<JsonNode> list(String goal, ApiPath path, String plural) {
        List<JsonNode> items = new ArrayList<>();
        ApiPath first = path.with("take", String.valueOf(PAGE));
        String next = "";
        try (Progress.Stage reading = server.waitingFor(goal)) {
            do {
                readSoFar(reading, goal, items.size());
                JsonNode page = get(goal, next.isEmpty() ? first : first.with("from", next));
                page.path(plural).values().forEach(items::add);
                next = Json.text(page, "next");
            } while (!next.isEmpty());
        }
        return items;
    }

    private static void readSoFar(Progress.Stage reading, String goal, int count) {
        if (count > 0) {
            reading.at(goal + ": " + count + " read so far");
        }
    }

    /** Makes sure that the server knows these credentials and lets them manage it. */
    void authenticate() {
        bearer = newBearer();
    }

    private static HttpRequest.Builder withJson(HttpRequest.Builder request) {
        return request.header("Content-Type", "application/json");
    }

    /** What makes a request out of an address and a token: its method and body. */
    private interface Method {
        HttpRequest.Builder on(HttpRequest.Builder request);
    }

    private JsonNode call(String goal, ApiPath path, Method method) {
        return accepted(goal, answer(goal, path, method));
    }

    private JsonNode accepted(String goal, Answer answer) {
        if (!answer.isSuccess()) {
            throw refusal(goal, answer);
        }
        return answer.body();
    }

    private Answer answer(String goal, ApiPath path, Method method) {
        BearerToken before = bearer;
        BearerToken token = before != null && clock.instant().isBefore(before.renewAt()) ? before : newBearer();
        bearer = token;
        Answer answer = send(goal, path, method, token);
        if (answer.status() == 401 && token.equals(before)) { // the key that signed it may have been revoked meanwhile
            BearerToken fresh = newBearer();
            bearer = fresh;
            answer = send(goal, path, method, fresh);
        }
        return answer;
    }

    /** Sends, and again when the server says so, if it has had too many requests. */
    private Answer send(String goal, ApiPath path, Method method, BearerToken token) {
        Answer answer = sendOnce(goal, path, method, token);
        Duration waited = Duration.ZERO;
        while (answer.status() == 429 && answer.retryAfter().isPresent()) {
            Duration wait = seconds(answer.retryAfter().get());
            waited = waited.plus(wait);
            if (waited.compareTo(LONGEST_WAIT) > 0 || !letPass(wait)) {
                return answer;
            }
            answer = sendOnce(goal, path, method, token);
        }
        return answer;
    }

    private boolean letPass(Duration wait) {
        try (Progress.Stage _ = server.waitingFor("take another request")) {
            return pause.await(wait);
        }
    }

    /** At least one; what is no number of seconds is longer than anybody waits. */
    private static Duration seconds(String retryAfter) {
        return retryAfter.matches("\\d{1,5}")
                ? Duration.ofSeconds(Math.max(1, Integer.parseInt(retryAfter)))
                : LONGEST_WAIT.plusSeconds(1);
    }

    private Answer sendOnce(String goal, ApiPath path, Method method, BearerToken token) {
        HttpRequest.Builder request = server.request(ApiPath.of("api/v2").then(path.toString()))
                .header("Authorization", "Bearer " + token.value().reveal());
        return server.send(goal, method.on(request).build());
    }

    private BearerToken newBearer() {
        String goal = "get a management token";
        Answer answer = new TokenRequest(
                        credentials.clientId(),
                        credentials.secret(),
                        TokenRequest.Authentication.POST,
                        server.address().managementAudience(),
                        List.of())
                .send(goal, server);
        if (!answer.isSuccess()) {
            throw refusedToken(goal, answer);
        }
        String token = Json.text(answer.body(), "access_token");
        if (token.isEmpty()) {
            throw Failure.refused("cannot " + goal + ": the answer has no access_token");
        }
        Duration lifetime = Duration.ofSeconds(answer.body().path("expires_in").asLong(0));
        return new BearerToken(new Secret(token), clock.instant().plus(lifetime).minus(RENEW_BEFORE_EXPIRY));
    }

    private Failure refusedToken(String goal, Answer answer) {
        Failure failure = Failure.of(goal, answer);
        return switch (answer.status()) {
            case 401 ->
                failure.mendedBy("check client id " + credentials.clientId() + " and its secret, from "
                        + credentials.source() + "; jeton login stores new ones");
            case 403 ->
                failure.mendedBy("application " + credentials.clientId() + " needs a grant for the API "
                        + server.address().managementAudience());
            default -> failure;
        };
    }

    private Failure refusal(String goal, Answer answer) {
        Failure failure = Failure.of(goal, answer);
        if (answer.errorCode().equals(INSUFFICIENT_SCOPE)) {
            return failure.mendedBy("grant application " + credentials.clientId() + " " + missingScope(answer)
                    + " for the API " + server.address().managementAudience());
        }
        return switch (answer.status()) {
            case 401 ->
                failure.mendedBy("the server does not accept its own token: is "
                        + server.address().issuer() + " its public URL, as in its setting issuer?");
            default -> {
                String advice = WHERE_TO_LOOK.get(answer.errorCode());
                yield advice == null ? failure : failure.mendedBy(advice);
            }
        };
    }

    /** The scopes that the message lists after its last colon, any one of which is enough. */
    private static String missingScope(Answer answer) {
        String reason = answer.reason();
        String scopes = reason.substring(reason.lastIndexOf(": ") + 1).strip().replace(",", " or ");
        return reason.contains(": ") ? "the scope " + scopes : "the scope this needs";
    }
}
