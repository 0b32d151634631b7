package dev.jeton.administrator;

import dev.jeton.administrator.Sessions.SignedIn;
import dev.jeton.http.ApiError;
import dev.jeton.http.Handler;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is answered under {@code /dashboard} to the page's own requests: JSON that nobody keeps. */
public final class DashboardAnswers {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** A password of 1,024 characters, each written as an escape. */
    private static final int MAX_BODY_BYTES = 16 * 1024;

    private final Issuer issuer;
    private final String version;
    private final boolean secretsReveal;

    /**
     * @param version of this server
     * @param secretsReveal whether client secrets can be shown again
     */
    public DashboardAnswers(Issuer issuer, String version, boolean secretsReveal) {
        this.issuer = issuer;
        this.version = version;
        this.secretsReveal = secretsReveal;
    }

    static Router.Route route(String method, String path, Router.Runs runs, String owner, Handler handler) {
        return new Router.Route(
                method, path, runs, owner, "public", MAX_BODY_BYTES, handler, DashboardAnswers::refusal);
    }

    static Response json(JsonNode body) {
        return safe(Response.json(200, JSON.writeValueAsBytes(body)).with("Cache-Control", "no-store"));
    }

    static Response noContent() {
        return safe(Response.empty(204).with("Cache-Control", "no-store"));
    }

    static Response refusal(ApiError error) {
        return safe(error.response());
    }

    static Response tooManyAttempts(Duration wait) {
        return refusal(new ApiError(
                        429,
                        "Too many attempts have failed: wait " + (wait.toSeconds() + 1) + " seconds",
                        "too_many_attempts"))
                .with("Retry-After", Long.toString(wait.toSeconds() + 1));
    }

    private static Response safe(Response answer) {
        return answer.with("X-Content-Type-Options", "nosniff");
    }

    /** What the page needs to know of a session. */
    Response session(SignedIn signedIn, Instant end) {
        Administrator administrator = signedIn.administrator();
        ObjectNode json = JSON.createObjectNode();
        json.putObject("administrator")
                .put("id", administrator.id())
                .put("name", administrator.name())
                .put("role", administrator.role().wireName());
        administrator.role().scopes().values().forEach(json.putArray("scopes")::add);
        json.put("csrf_token", ForgeryCheck.token(signedIn.token()));
        json.put("expires_at", end.toString());
        json.put("issuer", issuer.value());
        json.put("version", version);
        json.put("secrets_reveal", secretsReveal);
        return json(json).by(administrator.id(), administrator.name());
    }
}
