package dev.jeton.client;

import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was changed of the global client, in the database. */
final class GlobalClientStore {
    private static final String FIND = "select value from settings where name = 'global_client'";
    private static final String PUT = """
            insert into settings (name, value)
            values ('global_client', :value)
            on conflict (name)
            do update set value = excluded.value""";

    ObjectNode read(Handle handle) {
        return handle.createQuery(FIND)
                .mapTo(String.class)
                .findOne()
                .map(json -> (ObjectNode) JsonMapper.shared().readTree(json))
                .orElseGet(JsonMapper.shared()::createObjectNode);
    }

    void write(Handle handle, ObjectNode changed) {
        handle.createUpdate(PUT).bind("value", changed.toString()).execute();
    }
}
