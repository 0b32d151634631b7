package dev.jeton.action;

import dev.jeton.extension.Script;
import dev.jeton.http.ApiError;
import java.util.List;
import java.util.Optional;

/** Tries whether scripts can be loaded, before it is let near a token. */
@FunctionalInterface
public interface LoadCheck {
    /** Why they cannot be loaded, together; empty if they can. May take as long as a process takes to start. */
    Optional<String> problem(List<Script> scripts);

    /**
     * Refuses what cannot be loaded.
     *
     * @throws ApiError.ApiException 400 with the problem
     */
    default void require(List<Script> scripts) {
        if (scripts.isEmpty()) {
            return;
        }
        problem(scripts).ifPresent(problem -> {
            throw Refusal.badRequest(problem);
        });
    }
}
