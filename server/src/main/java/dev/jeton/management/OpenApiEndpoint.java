package dev.jeton.management;

import dev.jeton.http.Handler;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** {@code /api/v2/openapi.json}: the description of the management API, for everybody. */
public final class OpenApiEndpoint {
    private final Supplier<List<Operation>> operations;
    private volatile byte[] document = {};

    /** @param operations asked for once, when somebody asks for the document */
    public OpenApiEndpoint(Supplier<List<Operation>> operations) {
        this.operations = operations;
    }

    public void mount(Router router) {
        router.add(new Router.Route(
                "GET",
                "/api/v2/openapi.json",
                Router.Runs.ON_WORKER,
                "OpenApiEndpoint",
                "public",
                0,
                Handler.of(_ -> Response.json(200, bytes()).with("Cache-Control", "public, max-age=3600"))));
    }

    private byte[] bytes() {
        if (document.length == 0) {
            document = JsonMapper.shared().writeValueAsBytes(OpenApi.document(operations.get()));
        }
        return document;
    }
}
