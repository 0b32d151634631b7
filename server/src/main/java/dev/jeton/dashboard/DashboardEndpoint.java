package dev.jeton.dashboard;

import dev.jeton.http.ApiError;
import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

    /** How a file is sent: as it is, or as the build compressed it. */
    private enum Coding {
        BR("br", ".br"),
        GZIP("gzip", ".gz"),
        IDENTITY("", "");

        private final String name;
        private final String suffix;

        Coding(String name, String suffix) {
            this.name = name;
            this.suffix = suffix;
        }

        /** The best that was asked for, RFC 9110 §12.5.3; quality values other than 0 are not weighed. */
        static Coding of(Request request) {
            List<String> accepted = Arrays.stream(
                            request.header("Accept-Encoding").orElse("").split(",", 16))
                    .map(part -> part.strip().replace(" ", ""))
                    .filter(part -> !part.endsWith(";q=0"))
                    .map(part -> part.split(";", 2)[0])
                    .toList();
            return Arrays.stream(values())
                    .filter(coding -> accepted.contains(coding.name))
                    .findFirst()
                    .orElse(IDENTITY);
        }
    }

    private final Supplier<String> nonces;
    private final String page;
    /** Files by their name on the class path; as many as the build has. */
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    /** @param nonces gives a text of letters, digits, - and _ that nobody can guess, another each time */
    public DashboardEndpoint(Supplier<String> nonces) {
        this.nonces = nonces;
        this.page = new String(
                read(ROOT + "/index.html")
                        .orElseThrow(() -> new IllegalStateException("the dashboard's page is not on the class path")),
                StandardCharsets.UTF_8);
    }

    public void mount(Router router) {
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
        Coding coding = Coding.of(request);
        Optional<byte[]> bytes = file(path + coding.suffix);
        if (bytes.isEmpty()) {
            return notThere();
        }
        Response file = Response.of(200, type, bytes.get())
                .with("Vary", "Accept-Encoding")
                .with("X-Content-Type-Options", "nosniff")
                .with(
                        "Cache-Control",
                        path.startsWith(ASSETS) ? "public, max-age=31536000, immutable" : "public, no-cache");
        return coding == Coding.IDENTITY ? file : file.with("Content-Encoding", coding.name);
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

    private Optional<byte[]> file(String name) {
        byte[] known = files.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> found = read(name);
        found.ifPresent(bytes -> files.put(name, bytes));
        return found;
    }

    private static Optional<byte[]> read(String name) {
        try (InputStream file = DashboardEndpoint.class.getResourceAsStream(name)) {
            return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
