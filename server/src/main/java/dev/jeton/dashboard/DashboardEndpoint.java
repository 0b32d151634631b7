package dev.jeton.dashboard;

import dev.jeton.http.ApiError;
import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Serves the dashboard: its page at {@code /dashboard} and at every address below it, so that links lead deep into it, and
 * the files that the page names. No file needs a session: there is nothing in them but code.
 *
 * <p>The page allows code from this server only and nothing inline but styles that carry its nonce, no frame around it, and
 * no request to anybody else.
 */
public final class DashboardEndpoint {
    private static final String OWNER = "DashboardEndpoint";
    private static final String ROOT = "/dashboard";
    private static final String NONCE = "%NONCE%";
    /** What a build gives a new name when it changes. */
    private static final String ASSETS = ROOT + "/assets/";

    private static final Pattern FILE = Pattern.compile("/dashboard/(?:assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private final WebFiles files = new WebFiles();
    private final Supplier<String> nonces;
    private final String page;

    /** @param nonces gives a text of letters, digits, - and _ that nobody can guess, another each time */
    public DashboardEndpoint(Supplier<String> nonces) {
        this.nonces = nonces;
        this.page = new String(
                WebFiles.read(ROOT + "/index.html")
                        .orElseThrow(() -> new IllegalStateException("the dashboard's page is not on the class path")),
                StandardCharsets.UTF_8);
    }

    public void mount(Router router) {
        // Who opens the address that a start prints looks for this.
        router.add(new Route(
                "GET",
                "/",
                Runs.ON_EVENT_LOOP,
                OWNER,
                "public",
                0,
                Handler.of(_ -> Response.empty(302).with("Location", ROOT))));
        router.add(route(ROOT));
        router.addBelow(route(ROOT + "/"));
    }

    private Route route(String pattern) {
        return new Route("GET", pattern, Runs.ON_WORKER, OWNER, "public", 0, Handler.of(this::answer));
    }

    private Response answer(Request request) {
        String path = request.path();
        int dot = path.lastIndexOf('.');
        String type = dot < 0 ? null : TYPES.get(path.substring(dot + 1));
        if (type == null || !FILE.matcher(path).matches()) {
            return path.startsWith(ASSETS) ? notThere() : page();
        }
        return files.file(200, type, path, request)
                .map(file -> file.with(
                        "Cache-Control",
                        path.startsWith(ASSETS) ? "public, max-age=31536000, immutable" : "public, no-cache"))
                .orElseGet(DashboardEndpoint::notThere);
    }

    private Response page() {
        String nonce = nonces.get();
        return Response.of(
                        200,
                        "text/html; charset=utf-8",
                        page.replace(NONCE, nonce).getBytes(StandardCharsets.UTF_8))
                .with("Cache-Control", "no-store")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce
                                + "'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none';"
                                + " frame-ancestors 'none'")
                .with("X-Frame-Options", "DENY")
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    }

    private static Response notThere() {
        return new ApiError(404, "There is nothing at this path", "not_found").response();
    }
}
