package dev.jeton.tenant;

import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was changed of the tenant's settings, in the database. */
final class TenantSettingsStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String FIND = "select value from settings where name = 'tenant'";
    private static final String PUT = """
            insert into settings (name, value)
            values ('tenant', :value)
            on conflict (name)
            do update set value = excluded.value""";

    ObjectNode read(Handle handle) {
        return handle.createQuery(FIND)
                .mapTo(String.class)
                .findOne()
                .map(json -> (ObjectNode) JSON.readTree(json))
                .orElseGet(JSON::createObjectNode);
    }

    void write(Handle handle, ObjectNode changed) {
        handle.createUpdate(PUT).bind("value", changed.toString()).execute();
    }
}
