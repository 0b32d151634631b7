package dev.jeton;

import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.ScopeSet;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which scopes of the system API a command line's client has been given once, so that what it has lost stays lost. */
final class OfferedScopesStore {
    private static final String FIND = "select value from settings where name = :name";
    private static final String PUT = """
            insert into settings (name, value)
            values (:name, :value)
            on conflict (name)
            do update set value = excluded.value""";

    private OfferedScopesStore() {}

    /** Empty for a client of an earlier version. */
    static Optional<ScopeSet> find(Handle handle, ClientId client) {
        return handle.createQuery(FIND)
                .bind("name", name(client))
                .mapTo(String.class)
                .findOne()
                .map(ScopeSet::parse);
    }

    static void put(Handle handle, ClientId client, ScopeSet offered) {
        handle.createUpdate(PUT)
                .bind("name", name(client))
                .bind("value", offered.toString())
                .execute();
    }

    private static String name(ClientId client) {
        return "system_api_scopes_offered_to:" + client.value();
    }
}
