package dev.jeton.samples.timesheets.api;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Matches what no controller takes: an unknown path, or a method that a path does not have. There is nothing to protect,
 * and 404 or 405 tell a caller more than that a token is missing.
 */
@Component
final class NoRoute implements RequestMatcher {
    private final RequestMappingHandlerMapping routes;

    NoRoute(RequestMappingHandlerMapping routes) {
        this.routes = routes;
    }

    @Override
    public boolean matches(HttpServletRequest request) {
        ServletRequestPathUtils.parseAndCache(request);
        try {
            return routes.getHandler(request) == null;
        } catch (HttpRequestMethodNotSupportedException e) {
            return true;
        } catch (Exception e) {
            return false; // there is a route, and a reason not to take it
        }
    }
}
