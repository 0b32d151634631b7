package dev.jeton.logstream;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where somebody wants log events sent. Jeton sends none.
 *
 * @param status {@code active} or {@code paused}
 * @param sink an address and its secrets; its members depend on the type
 */
record LogStream(
        String id,
        Optional<String> name,
        String type,
        String status,
        boolean isPriority,
        Optional<ArrayNode> filters,
        Optional<ObjectNode> piiConfig,
        ObjectNode sink,
        Instant createdAt,
        Instant updatedAt) {
    static final String ACTIVE = "active";
}
