package dev.jeton.token;

import dev.jeton.extension.CredentialsExchange;
import dev.jeton.extension.CredentialsExchange.Rehearsal;
import dev.jeton.extension.Decision;
import dev.jeton.extension.Script;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServers;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.KeyRing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a Hook or an Action for a sample of a request, and shows the token that it would lead to; issues none. */
public final class RehearsalRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "RehearsalRoutes";
    private static final String SAMPLE_CLIENT = "SampleClientSampleClientSample00";
    private static final String SAMPLE_NAME = "Sample application";
    private static final String SAMPLE_AUDIENCE = "https://api.example.com";

    private final CredentialsExchange exchange;
    private final Function<String, Optional<Script>> hooks;
    private final Function<String, Optional<Script>> actions;
    private final ResourceServers resourceServers;
    private final AccessTokenIssuer tokens;
    private final Issuer issuer;
    private final InstantSource clock;

    /**
     * @param hooks finds a Hook by its id
     * @param actions finds the draft of an Action by its id
     */
    public RehearsalRoutes(
            CredentialsExchange exchange,
            Function<String, Optional<Script>> hooks,
            Function<String, Optional<Script>> actions,
            ResourceServers resourceServers,
            KeyRing keyRing,
            Identifiers identifiers,
            Issuer issuer,
            InstantSource clock) {
        this.exchange = exchange;
        this.hooks = hooks;
        this.actions = actions;
        this.resourceServers = resourceServers;
        this.tokens = new AccessTokenIssuer(issuer, keyRing, identifiers);
        this.issuer = issuer;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.post("/hooks/{id}/test", "Test a hook", "update:hooks")
                        .takes(RehearsalSchema.HOOK)
                        .answers(200, RehearsalSchema.ANSWER),
                this::hook);
        access.mount(
                router,
                OWNER,
                Operation.post("/actions/actions/{id}/test", "Test an action", "create:actions")
                        .takes(RehearsalSchema.ACTION)
                        .answers(200, RehearsalSchema.ANSWER),
                this::action);
    }

    /** Who would get the token, and for which API. */
    private record Subject(ClientId client, Audience audience) {}

    private Response hook(Call call) {
        Script script = hooks.apply(call.request().pathParameter("id"))
                .orElseThrow(() -> ApiError.notFound("Error: Hook does not exist", "HookDoesNotExist"));
        Fields body = Fields.of(call.request(), RehearsalSchema.HOOK);
        Optional<Fields> payload = body.object("payload");
        Optional<Fields> client = payload.flatMap(sent -> sent.object("client"));
        Optional<Fields> context = payload.flatMap(sent -> sent.object("context"));
        Subject subject = new Subject(
                clientId(client.flatMap(sent -> sent.string("id", 1, ClientId.MAX_LENGTH))),
                audience(payload.flatMap(sent -> sent.string("audience", 1, Audience.MAX_LENGTH))));

        ObjectNode sample = JSON.createObjectNode();
        ObjectNode told = sample.putObject("client")
                .put(
                        "name",
                        client.flatMap(sent -> sent.string("name", 0, Integer.MAX_VALUE))
                                .orElse(SAMPLE_NAME))
                .put("id", subject.client().value())
                .put(
                        "tenant",
                        client.flatMap(sent -> sent.string("tenant", 0, Integer.MAX_VALUE))
                                .orElse(issuer.host()));
        ObjectNode metadata = told.putObject("metadata");
        client.flatMap(sent -> sent.stringMap("metadata", Integer.MAX_VALUE, Integer.MAX_VALUE))
                .ifPresent(pairs -> pairs.forEach((name, value) -> value.ifPresent(text -> metadata.put(name, text))));
        ArrayNode scope = sample.putArray("scope");
        payload.ifPresent(sent -> scope(sent).forEach(scope::add));
        sample.put("audience", subject.audience().value())
                .put(
                        "ip",
                        context.flatMap(sent -> sent.string("ip", 0, Integer.MAX_VALUE))
                                .orElse(call.request().address()))
                .put(
                        "userAgent",
                        context.flatMap(sent -> sent.string("userAgent", 0, Integer.MAX_VALUE))
                                .orElse(call.request().userAgent()));
        context.flatMap(sent -> sent.object("body"))
                .ifPresent(parameters -> sample.putObject("request").set("body", parameters.json()));
        return rehearse(script, subject, sample);
    }

    private Response action(Call call) {
        Script script = actions.apply(call.request().pathParameter("id"))
                .orElseThrow(() -> new ApiError(404, "That action does not exist.", null).exception());
        Fields event = Fields.of(call.request(), RehearsalSchema.ACTION)
                .object("payload")
                .orElseThrow();
        Subject subject = new Subject(
                clientId(event.object("client").flatMap(sent -> sent.string("client_id", 1, ClientId.MAX_LENGTH))),
                audience(event.object("resource_server")
                        .flatMap(sent -> sent.string("identifier", 1, Audience.MAX_LENGTH))));
        ObjectNode sample = JSON.createObjectNode();
        sample.putObject("client")
                .put("name", SAMPLE_NAME)
                .put("id", subject.client().value())
                .put("tenant", issuer.host())
                .putObject("metadata");
        ArrayNode scope = sample.putArray("scope");
        event.object("accessToken").ifPresent(sent -> scope(sent).forEach(scope::add));
        sample.put("audience", subject.audience().value())
                .put("ip", call.request().address())
                .put("userAgent", call.request().userAgent())
                .set("event", event.json());
        return rehearse(script, subject, sample);
    }

    private static List<String> scope(Fields fields) {
        List<String> scope =
                fields.strings("scope", Integer.MAX_VALUE, Integer.MAX_VALUE).orElse(List.of());
        scope.stream().filter(value -> !ScopeSet.isValue(value)).findFirst().ifPresent(value -> {
            throw fields.invalid("Not a scope: " + value, "scope");
        });
        return scope;
    }

    private static ClientId clientId(Optional<String> sent) {
        return new ClientId(sent.orElse(SAMPLE_CLIENT));
    }

    private Audience audience(Optional<String> sent) {
        Audience audience = new Audience(sent.orElse(SAMPLE_AUDIENCE));
        if (audience.equals(issuer.systemAudience())) {
            throw ApiError.badRequest(
                    "Tokens for the Management API run neither Hooks nor Actions: name another API as the audience",
                    "operation_not_supported");
        }
        return audience;
    }

    private Response rehearse(Script script, Subject subject, ObjectNode sample) {
        exchange.obstacle().ifPresent(obstacle -> {
            throw ApiError.badRequest(obstacle, "hooks_not_supported");
        });
        Rehearsal rehearsal = exchange.rehearse(script, sample)
                .orElseThrow(() -> new ApiError(429, "Other tests are running; try again in a moment", "too_many_tests")
                        .exception());
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode payload = answer.putObject("payload");
        switch (rehearsal.decision()) {
            case Decision.Allowed allowed -> {
                ObjectNode result = payload.putObject("result");
                allowed.scope().values().forEach(result.putArray("scope")::add);
                allowed.claims().forEach((name, value) -> result.set(name, JSON.readTree(value)));
                payload.set("token", token(subject, allowed));
            }
            case Decision.Refused(RefusedByExtension error, var _) ->
                payload.putObject("error")
                        .put("code", error.code().wireName())
                        .put("status", error.code().status())
                        .put("message", error.description())
                        .put("reason", error.reason());
        }
        ArrayNode console = payload.putArray("console");
        rehearsal
                .console()
                .forEach(line -> console.addObject().put("level", line.level()).put("text", line.text()));
        answer.putObject("stats")
                .put("total_request_duration_ms", rehearsal.duration().toMillis())
                .put("total_runtime_execution_duration_ms", ran(rehearsal));
        return Response.json(200, JSON.writeValueAsBytes(answer)).with("Cache-Control", "no-store");
    }

    private static double ran(Rehearsal rehearsal) {
        return rehearsal.decision().execution().stream()
                        .flatMap(execution -> execution.results().stream())
                        .mapToLong(result -> result.duration().toNanos() / 1_000)
                        .sum()
                / 1_000.0;
    }

    /** For an API that is not registered: with the settings that it would have. */
    private ObjectNode token(Subject subject, Decision.Allowed allowed) {
        Instant now = clock.instant();
        ResourceServer api =
                resourceServers.find(subject.audience().value()).orElseGet(() -> unregistered(subject.audience(), now));
        return tokens.preview(subject.client(), api, allowed.scope(), allowed.claims(), now);
    }

    private static ResourceServer unregistered(Audience audience, Instant now) {
        return new ResourceServer(
                "",
                audience,
                null,
                null,
                SigningAlgorithm.RS256,
                Optional.empty(),
                ResourceServer.DEFAULT_TOKEN_LIFETIME,
                null,
                false,
                "{}",
                now,
                now);
    }
}
