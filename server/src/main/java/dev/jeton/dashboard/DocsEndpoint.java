package dev.jeton.dashboard;

import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Serves the documentation of this very version at {@code /docs}: pages that the build makes of the repository's {@code
 * docs} folder. They have no code, and load nothing but their style and the icon.
 */
public final class DocsEndpoint {
    private static final String OWNER = "DocsEndpoint";
    private static final String ROOT = "/docs";
    private static final String STYLE = ROOT + "/site.css";
    private static final String HTML = "text/html; charset=utf-8";

    private static final Pattern PAGE = Pattern.compile("/docs/(?:adr/[0-9]{4}-)?[a-z][a-z0-9-]{0,63}");

    private final WebFiles files = new WebFiles();

    public void mount(Router router) {
        router.add(route(ROOT));
        router.addBelow(route(ROOT + "/"));
    }

    private Route route(String pattern) {
        return new Route("GET", pattern, Runs.ON_WORKER, OWNER, "public", 0, Handler.of(this::answer));
    }

    private Response answer(Request request) {
        String path = request.path();
        Optional<Response> found = path.equals(STYLE)
                ? files.file(200, "text/css; charset=utf-8", STYLE, request)
                : file(path).flatMap(page -> files.file(200, HTML, page, request));
        return found.or(() -> files.file(404, HTML, ROOT + "/404.html", request))
                .orElseThrow(() -> new IllegalStateException("the documentation is not on the class path"))
                .with("Cache-Control", "public, no-cache")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none';"
                                + " frame-ancestors 'none'")
                .with("X-Frame-Options", "DENY")
                .with("Referrer-Policy", "no-referrer");
    }

    private static Optional<String> file(String path) {
        return switch (path) {
            case ROOT, ROOT + "/" -> Optional.of(ROOT + "/index.html");
            case ROOT + "/adr", ROOT + "/adr/" -> Optional.of(ROOT + "/adr/index.html");
            default -> PAGE.matcher(path).matches() ? Optional.of(path + ".html") : Optional.empty();
        };
    }
}
