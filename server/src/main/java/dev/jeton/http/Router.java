package dev.jeton.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds the route of a request by method and path. Static paths are looked up, patterns such as {@code
 * /api/v2/clients/{id}} are walked in the order in which they were added. Paths are compared percent-encoded, segment by
 * segment, so that an encoded slash stays inside its segment.
 */
public final class Router {
    /** Any method: the handler decides. */
    public static final String ANY = "*";

    /** Where a handler runs. */
    public enum Runs {
        ON_EVENT_LOOP,
        ON_WORKER
    }

    /**
     * One way in.
     *
     * @param owner the class that answers, for the golden routing table
     * @param access the scope that it needs, or {@code public}
     * @param maxBodyBytes a longer body is refused with 413 before the handler sees it
     * @param refusals how this route writes what the engine refuses on its behalf
     */
    public record Route(
            String method,
            String pattern,
            Runs runs,
            String owner,
            String access,
            int maxBodyBytes,
            Handler handler,
            Function<ApiError, Response> refusals) {
        /** A route whose refusals have the management API's shape. */
        public Route(
                String method,
                String pattern,
                Runs runs,
                String owner,
                String access,
                int maxBodyBytes,
                Handler handler) {
            this(method, pattern, runs, owner, access, maxBodyBytes, handler, ApiError::response);
        }

        private boolean accepts(String asked) {
            return method.equals(ANY) || method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
        }
    }

    /** What was found for a method and a path. */
    public sealed interface Match {
        /** The parameters are decoded. */
        record Found(Route route, Map<String, String> pathParameters) implements Match {}

        /** The path exists; {@code allowed} goes into the {@code Allow} header. */
        record WrongMethod(String allowed) implements Match {}

        record NoSuchPath(ApiError answer) implements Match {}
    }

    private record Pattern(List<String> segments, List<Route> routes) {}

    private final Map<String, List<Route>> exact = new HashMap<>();
    private final Map<String, Pattern> patterns = new TreeMap<>();
    private final Map<String, Route> below = new TreeMap<>();
    private final Match noSuchPath;

    public Router() {
        this(new ApiError(404, "There is nothing at this path", "not_found"));
    }

    private Router(ApiError nothingHere) {
        this.noSuchPath = new Match.NoSuchPath(nothingHere);
    }

    /** Routes nothing: everything is answered so. */
    public static Router refusing(ApiError answer) {
        return new Router(answer);
    }

    /** Adds a route; two of the same method and pattern are a mistake. */
    public void add(Route route) {
        List<Route> routes = route.pattern().contains("{")
                ? patterns.computeIfAbsent(
                                route.pattern(),
                                pattern -> new Pattern(List.of(pattern.split("/", -1)), new ArrayList<>(2)))
                        .routes()
                : exact.computeIfAbsent(route.pattern(), _ -> new ArrayList<>(1));
        if (routes.stream().anyMatch(other -> other.method().equals(route.method()))) {
            throw new IllegalArgumentException("two routes for " + route.method() + " " + route.pattern());
        }
        routes.add(route);
    }

    /**
     * Adds a route for each path below one for which there is no other.
     *
     * @param route its pattern ends with a slash
     */
    public void addBelow(Route route) {
        below.put(route.pattern(), route);
    }

    /** Every route, for the golden routing table. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>();
        exact.values().forEach(all::addAll);
        patterns.values().forEach(pattern -> all.addAll(pattern.routes()));
        all.addAll(below.values());
        return List.copyOf(all);
    }

    Match match(String method, String path) {
        List<Route> routes = exact.get(path);
        if (routes != null) {
            return choose(routes, method, Map.of());
        }
        if (!patterns.isEmpty() && path.indexOf('/', 1) > 0) {
            List<String> segments = List.of(path.split("/", -1));
            for (Pattern pattern : patterns.values()) {
                if (fits(pattern.segments(), segments)) {
                    return choose(pattern, method, segments);
                }
            }
        }
        return below.values().stream()
                .filter(route -> path.startsWith(route.pattern()))
                .findFirst()
                .map(route -> choose(List.of(route), method, Map.of()))
                .orElse(noSuchPath);
    }

    private static Match choose(Pattern pattern, String method, List<String> segments) {
        try {
            return choose(pattern.routes(), method, parameters(pattern.segments(), segments));
        } catch (Form.MalformedException e) {
            return new Match.NoSuchPath(
                    new ApiError(400, "The path is malformed: " + e.getMessage(), "invalid_request"));
        }
    }

    private static Match choose(List<Route> routes, String method, Map<String, String> parameters) {
        for (Route route : routes) {
            if (route.accepts(method)) {
                return new Match.Found(route, parameters);
            }
        }
        return new Match.WrongMethod(String.join(
                ", ",
                routes.stream()
                        .flatMap(route ->
                                route.method().equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(route.method()))
                        .sorted()
                        .toList()));
    }

    private static boolean fits(List<String> pattern, List<String> path) {
        if (pattern.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < pattern.size(); i++) {
            boolean fits = isParameter(pattern.get(i))
                    ? !path.get(i).isEmpty()
                    : pattern.get(i).equals(path.get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> parameters(List<String> pattern, List<String> path) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String segment = pattern.get(i);
            if (isParameter(segment)) {
                parameters.put(segment.substring(1, segment.length() - 1), Form.decode(path.get(i), false));
            }
        }
        return parameters;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }
}
