package dev.jeton.action;

import java.util.Arrays;
import java.util.Optional;

/** How a request names an Action that is to be bound. */
enum RefType {
    BINDING_ID("binding_id"),
    ACTION_ID("action_id"),
    ACTION_NAME("action_name");

    private final String wireName;

    RefType(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static Optional<RefType> find(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst();
    }
}
