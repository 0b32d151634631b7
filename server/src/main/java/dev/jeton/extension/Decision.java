package dev.jeton.extension;

import dev.jeton.audit.AuditEvent.Execution;
import dev.jeton.oauth.OAuthError.RefusalCode;
import dev.jeton.oauth.OAuthError.RefusedByExtension;
import dev.jeton.oauth.ScopeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What users' code made of a request. */
public sealed interface Decision {
    /** That it ran; empty if it could not be run, or was no longer at work. */
    Optional<Execution> execution();

    /**
     * A token with that scope and those claims.
     *
     * @param claims custom claims that {@link CustomClaims} lets pass, each as JSON text, in their order
     */
    record Allowed(ScopeSet scope, Map<String, String> claims, Optional<Execution> execution) implements Decision {}

    /** No token. */
    record Refused(RefusedByExtension error, Optional<Execution> execution) implements Decision {}

    /** As much as an audit record holds. */
    int MAX_SCOPE = 65_536;

    /** Reads the result of a run; what cannot be read is refused. */
    static Decision of(ObjectNode result, Execution execution) {
        try {
            return new Allowed(scope(result.path("scope")), CustomClaims.permitted(result), Optional.of(execution));
        } catch (UnfitException e) {
            return failed(e.detail(), execution);
        }
    }

    private static Refused failed(String description, Execution execution) {
        return new Refused(
                new RefusedByExtension(RefusalCode.SERVER_ERROR, description, description),
                Optional.of(execution.endedBy(description)));
    }

    /** What was left out is not granted. */
    private static ScopeSet scope(JsonNode scope) {
        if (scope.isMissingNode() || scope.isNull()) {
            return ScopeSet.EMPTY;
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : scope) {
            values.add(value.asString(""));
        }
        if (!scope.isArray() || !values.stream().allMatch(ScopeSet::isValue)) {
            throw new UnfitException("scope", "The Hook's scope is not an array of scope names");
        }
        ScopeSet set = ScopeSet.of(values);
        if (set.toString().length() > MAX_SCOPE) {
            throw new UnfitException("scope", "The Hook's scope is longer than " + MAX_SCOPE + " characters");
        }
        return set;
    }
}
