package dev.jeton.clientgrant;

import dev.jeton.clientgrant.ClientGrantStore.Filter;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Escalation;
import dev.jeton.management.Fields;
import dev.jeton.management.KeptFields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServerStore;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/client-grants}. */
public final class ClientGrantRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ClientGrantRoutes";
    private static final List<String> READ = List.of("read:client_grants");
    private static final int MAX_SCOPES = 1_000;
    private static final int MAX_SCOPE = 280;
    /** Auth0's fields that are kept and given back. */
    private static final KeptFields KEPT = KeptFields.NONE
            .withOneOf("organization_usage", "deny", "allow", "require")
            .withFlags("allow_any_organization")
            .withTextLists("authorization_details_types");

    private final Database database;
    private final ClientGrantStore store;
    private final BiPredicate<Handle, ClientId> clientExists;
    private final ResourceServerStore resourceServers;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final InstantSource clock;

    /** @param clientExists whether there is such a client */
    public ClientGrantRoutes(
            Database database,
            ClientGrantStore store,
            BiPredicate<Handle, ClientId> clientExists,
            ResourceServerStore resourceServers,
            RegistryWriter writer,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.clientExists = clientExists;
        this.resourceServers = resourceServers;
        this.writer = writer;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(router, OWNER, "GET", "/client-grants", READ, this::list);
        access.mount(router, OWNER, "POST", "/client-grants", List.of("create:client_grants"), this::create);
        access.mount(router, OWNER, "GET", "/client-grants/{id}", READ, this::get);
        access.mount(router, OWNER, "PATCH", "/client-grants/{id}", List.of("update:client_grants"), this::update);
        access.mount(router, OWNER, "DELETE", "/client-grants/{id}", List.of("delete:client_grants"), this::delete);
    }

    private Response list(Call call) {
        return writer.show(call, database.read(handle -> {
            Optional<Filter> filter = filter(handle, call.request().query());
            return Page.of(call.request())
                    .list(
                            "client_grants",
                            (offset, limit) -> filter.map(by -> store.page(handle, by, offset, limit))
                                    .orElse(List.of()),
                            (after, limit) -> filter.map(by -> store.pageAfter(handle, by, after, limit))
                                    .orElse(List.of()),
                            () -> filter.map(by -> store.count(handle, by)).orElse(0),
                            ClientGrant::id,
                            grant -> json(handle, grant));
        }));
    }

    /** Empty if it names a client or an audience that there cannot be. */
    private Optional<Filter> filter(Handle handle, Form query) {
        Optional<String> client = query.first("client_id").filter(id -> !id.isEmpty());
        Optional<String> audience = query.first("audience").filter(value -> !value.isEmpty());
        if (client.filter(id -> id.length() > ClientId.MAX_LENGTH).isPresent()) {
            return Optional.empty();
        }
        Optional<ResourceServer> server = audience.filter(value -> value.length() <= Audience.MAX_LENGTH)
                .flatMap(value -> resourceServers.find(handle, new Audience(value)));
        return audience.isPresent() && server.isEmpty()
                ? Optional.empty()
                : Optional.of(new Filter(
                        client.map(ClientId::new).orElse(null),
                        server.map(ResourceServer::id).orElse(null)));
    }

    private Response get(Call call) {
        ObjectNode grant = database.read(handle -> json(handle, require(handle, call)));
        return Response.json(200, JSON.writeValueAsBytes(grant)).with("Cache-Control", "no-store");
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request());
        Instant now = now();
        ClientId client = new ClientId(fields.requireString("client_id", 1, ClientId.MAX_LENGTH));
        Audience audience = new Audience(fields.requireString("audience", 1, Audience.MAX_LENGTH));
        ScopeSet scope = scope(fields).orElse(ScopeSet.EMPTY);
        String subjectType = fields.oneOf(
                        "subject_type", value -> Optional.of(value).filter(Set.of("client", "user")::contains))
                .orElse(ClientGrant.FOR_CLIENTS);
        String extra = JSON.writeValueAsString(fields.keepRest(KEPT, JSON.createObjectNode()));
        return writer.write(call, "Create a client grant", Optional.of(fields), handle -> {
            ResourceServer server = resourceServers
                    .find(handle, audience)
                    .orElseThrow(() ->
                            ApiError.notFound("No resource with identifier " + audience, "inexistent_resource_server"));
            if (!clientExists.test(handle, client)) {
                throw ApiError.notFound("The client does not exist", "inexistent_client");
            }
            if (store.exists(handle, client, server.id(), subjectType)) {
                throw ApiError.conflict(
                        "A client_grant already exists for this client and audience: update it",
                        "client_grant_conflict");
            }
            requireHeld(call, server, scope);
            ClientGrant grant = new ClientGrant(
                    identifiers.clientGrantId(), client, server.id(), scope, subjectType, extra, now, now);
            store.insert(handle, grant);
            return Outcome.of(201, json(handle, grant));
        });
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request());
        return writer.write(call, "Update a client grant", Optional.of(fields), handle -> {
            ClientGrant before = require(handle, call);
            ClientGrant grant = new ClientGrant(
                    before.id(),
                    before.client(),
                    before.resourceServerId(),
                    scope(fields).orElse(before.scope()),
                    before.subjectType(),
                    JSON.writeValueAsString(fields.keepRest(KEPT, (ObjectNode) JSON.readTree(before.extraJson()))),
                    before.createdAt(),
                    now());
            resourceServers
                    .find(handle, before.resourceServerId())
                    .ifPresent(server -> requireHeld(call, server, grant.scope().without(before.scope())));
            store.update(handle, grant);
            return Outcome.of(200, json(handle, grant));
        });
    }

    private static void requireHeld(Call call, ResourceServer server, ScopeSet given) {
        if (server.isSystem()) {
            Escalation.requireHeld(call, given);
        }
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a client grant", Optional.empty(), handle -> {
            store.delete(handle, call.request().pathParameter("id"));
            return Outcome.noContent();
        });
    }

    private static Optional<ScopeSet> scope(Fields fields) {
        return fields.strings("scope", MAX_SCOPES, MAX_SCOPE).map(values -> {
            for (int i = 0; i < values.size(); i++) {
                if (!ScopeSet.isValue(values.get(i))) {
                    throw fields.invalid(
                            "A scope has no spaces, quotes or backslashes: " + values.get(i), "scope[" + i + "]");
                }
            }
            return ScopeSet.of(values);
        });
    }

    private ClientGrant require(Handle handle, Call call) {
        return store.find(handle, call.request().pathParameter("id"))
                .orElseThrow(() -> ApiError.notFound("The grant does not exist.", "inexistent_client_grant"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private ObjectNode json(Handle handle, ClientGrant grant) {
        ResourceServer server =
                resourceServers.find(handle, grant.resourceServerId()).orElseThrow();
        ObjectNode json = JSON.createObjectNode();
        json.put("id", grant.id());
        json.put("client_id", grant.client().value());
        json.put("audience", server.audience().value());
        ArrayNode scope = json.putArray("scope");
        grant.scope().values().forEach(scope::add);
        json.put("subject_type", grant.subjectType());
        json.setAll((ObjectNode) JSON.readTree(grant.extraJson()));
        return json;
    }
}
