package dev.jeton.action;

import dev.jeton.extension.Script;
import dev.jeton.http.ApiError;
import java.util.Optional;

/** Tries whether a script can be loaded, before it is let near a token. */
@FunctionalInterface
public interface LoadCheck {
    /** Why it cannot be loaded; empty if it can. May take as long as a process takes to start. */
    Optional<String> problem(Script script);

    /**
     * Refuses what cannot be loaded.
     *
     * @throws ApiError.ApiException 400 with the problem
     */
    default void require(Script script) {
        problem(script).ifPresent(problem -> {
            throw Refusal.badRequest(problem);
        });
    }
}
