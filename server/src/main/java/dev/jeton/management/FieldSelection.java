package dev.jeton.management;

import dev.jeton.http.Form;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** {@code fields} and {@code include_fields}: which members of an entity an answer has. */
public final class FieldSelection {
    /** The parameters by which members are chosen. */
    public static final List<Operation.Parameter> PARAMETERS = List.of(
            new Operation.Parameter("fields", Schema.text(), "Members, separated by commas."),
            new Operation.Parameter("include_fields", Schema.flag(), "Whether these are answered, or all others."));

    private final Optional<Set<String>> names;
    private final boolean include;

    private FieldSelection(Optional<Set<String>> names, boolean include) {
        this.names = names;
        this.include = include;
    }

    public static FieldSelection of(Form query) {
        return new FieldSelection(
                query.first("fields").filter(text -> !text.isBlank()).map(FieldSelection::split),
                query.first("include_fields").filter("false"::equals).isEmpty());
    }

    private static Set<String> split(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toUnmodifiableSet());
    }

    /** The members that were asked for by their names; empty if all were. */
    public Set<String> named() {
        return include ? names.orElse(Set.of()) : Set.of();
    }

    /** The same entity, with only or without the members that were named. */
    public ObjectNode apply(ObjectNode entity) {
        names.ifPresent(named -> {
            if (include) {
                entity.retain(named);
            } else {
                entity.remove(named);
            }
        });
        return entity;
    }
}
