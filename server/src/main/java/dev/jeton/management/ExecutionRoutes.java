package dev.jeton.management;

import dev.jeton.audit.AuditReader;
import dev.jeton.audit.LogEvent;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/actions/executions}: runs of users' code, each known by the id of the token event it took part in. */
public final class ExecutionRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Schema EXECUTION = Schema.object()
            .require(Schema.text(), "id", "trigger_id", "status", "created_at", "updated_at")
            .require(
                    Schema.listOf(Schema.object()
                            .require(Schema.text(), "action_name", "started_at", "ended_at")
                            .require(
                                    Schema.object()
                                            .require(Schema.text(), "id", "msg")
                                            .orNull(),
                                    "error")),
                    "results")
            .named("ActionExecution");

    private final AuditReader reader;

    public ExecutionRoutes(AuditReader reader) {
        this.reader = reader;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                "ExecutionRoutes",
                Operation.get("/actions/executions/{id}", "Get an execution", List.of("read:actions"))
                        .answers(200, EXECUTION),
                this::get);
    }

    private Response get(Call call) {
        ObjectNode execution = reader.find(call.request().pathParameter("id"))
                .flatMap(ExecutionRoutes::json)
                .orElseThrow(() -> new ApiError(404, "That execution does not exist.", null).exception());
        return Response.json(200, JSON.writeValueAsBytes(execution)).with("Cache-Control", "no-store");
    }

    /** The event was decided when its run had ended. */
    private static Optional<ObjectNode> json(LogEvent event) {
        JsonNode actions = event.details().path("actions");
        if (actions.path("executions").isEmpty()) {
            return Optional.empty();
        }
        Instant began = event.at().minus(duration(actions));
        ObjectNode json = JSON.createObjectNode()
                .put("id", event.logId())
                .put("trigger_id", "credentials-exchange")
                .put("status", "final");
        ArrayNode results = json.putArray("results");
        Instant from = began;
        for (JsonNode result : actions.path("results")) {
            Instant to = from.plus(duration(result));
            ObjectNode shown =
                    results.addObject().put("action_name", result.path("name").asString(""));
            if (result.has("error")) {
                shown.putObject("error")
                        .put("id", event.details().path("error").asString(""))
                        .put("msg", result.path("error").asString(""));
            } else {
                shown.putNull("error");
            }
            shown.put("started_at", from.toString()).put("ended_at", to.toString());
            from = to;
        }
        return Optional.of(json.put("created_at", began.toString())
                .put("updated_at", event.at().toString()));
    }

    private static Duration duration(JsonNode timed) {
        return Duration.ofNanos((long) (timed.path("duration_ms").asDouble(0) * 1_000_000));
    }
}
