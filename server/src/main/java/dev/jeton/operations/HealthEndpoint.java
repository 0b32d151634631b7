package dev.jeton.operations;

import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /health/live}: the process answers. {@code /health/ready}: it can issue tokens, or 503 with the reasons. */
public final class HealthEndpoint {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Supplier<List<String>> problems;

    /** @param problems sentences that say why no token can be issued now; may block */
    public HealthEndpoint(Supplier<List<String>> problems) {
        this.problems = problems;
    }

    public void mount(Router router) {
        router.add(route("/health/live", Runs.ON_EVENT_LOOP, _ -> answer(200, List.of())));
        router.add(route("/health/ready", Runs.ON_WORKER, this::ready));
    }

    private static Route route(String path, Runs runs, Handler.Immediate handler) {
        return new Route("GET", path, runs, "HealthEndpoint", "public", 0, Handler.of(handler));
    }

    private Response ready(Request request) {
        List<String> found = problems.get();
        return answer(found.isEmpty() ? 200 : 503, found);
    }

    private static Response answer(int status, List<String> problems) {
        ObjectNode body = JSON.createObjectNode().put("status", problems.isEmpty() ? "ok" : "unavailable");
        if (!problems.isEmpty()) {
            ArrayNode reasons = body.putArray("reasons");
            problems.forEach(reasons::add);
        }
        return Response.json(status, JSON.writeValueAsBytes(body)).with("Cache-Control", "no-store");
    }
}
