package dev.jeton.clientgrant;

import dev.jeton.management.Effect;
import dev.jeton.oauth.ClientId;
import dev.jeton.resourceserver.ResourceServerStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/** What changes of clients and resource servers do to the grants between them. */
public final class GrantEffects {
    private final ClientGrantStore store;
    private final ResourceServerStore resourceServers;

    public GrantEffects(ClientGrantStore store, ResourceServerStore resourceServers) {
        this.store = store;
        this.resourceServers = resourceServers;
    }

    /** Tells the views that the grants of that client go with it; before the statement that deletes it. */
    public Effect deletedWith(Handle handle, ClientId client) {
        store.announceDeletedWith(handle, client);
        return deleted(handle, new ClientGrantStore.Filter(client, null, null, null, false));
    }

    /** Tells the views that the grants for that resource server go with it; likewise. */
    public Effect deletedWith(Handle handle, String resourceServerId) {
        store.announceDeletedWith(handle, resourceServerId);
        return deleted(handle, new ClientGrantStore.Filter(null, resourceServerId, null, null, false));
    }

    private Effect deleted(Handle handle, ClientGrantStore.Filter filter) {
        List<ClientGrant> first = store.page(handle, filter, 0, Effect.MOST_ITEMS);
        int count = first.size() < Effect.MOST_ITEMS ? first.size() : store.count(handle, filter);
        return Effect.onSome("client_grants_deleted", count, first, (json, grant) -> describe(handle, grant, json));
    }

    /** Those that hold less now that the resource server has lost scopes: those of all scopes. */
    public Effect narrowedWith(Handle handle, String resourceServerId) {
        return Effect.onSome(
                "client_grants_narrowed",
                store.countOfAllScopes(handle, resourceServerId),
                store.ofAllScopes(handle, resourceServerId, Effect.MOST_ITEMS),
                (json, grant) -> describe(handle, grant, json));
    }

    private void describe(Handle handle, ClientGrant grant, ObjectNode json) {
        json.put("id", grant.id());
        Optional<ClientId> client = grant.client();
        json.put(
                client.isPresent() ? "client_id" : "default_for",
                client.map(ClientId::value).orElse(ClientGrant.THIRD_PARTY_CLIENTS));
        resourceServers
                .findAudience(handle, grant.resourceServerId())
                .ifPresent(audience -> json.put("audience", audience.value()));
        grant.scope()
                .ifPresentOrElse(
                        scope -> scope.values().forEach(json.putArray("scope")::add),
                        () -> json.put("allow_all_scopes", true));
    }
}
