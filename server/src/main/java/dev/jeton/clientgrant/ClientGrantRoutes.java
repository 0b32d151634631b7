package dev.jeton.clientgrant;

import dev.jeton.clientgrant.ClientGrantStore.Filter;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.EmptyRoutes;
import dev.jeton.management.EntityTag;
import dev.jeton.management.Escalation;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
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
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/client-grants}. */
public final class ClientGrantRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ClientGrantRoutes";
    private static final List<String> READ = List.of("read:client_grants");
    private static final String ALL_SCOPES = "allow_all_scopes";
    private static final String DETAILS = "authorization_details_types";

    private final Database database;
    private final ClientGrantStore store;
    private final BiFunction<Handle, ClientId, Optional<String>> appTypes;
    private final ResourceServerStore resourceServers;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final InstantSource clock;

    /** @param appTypes gives a client's type, the empty one if it has none, and nothing if there is no such client */
    public ClientGrantRoutes(
            Database database,
            ClientGrantStore store,
            BiFunction<Handle, ClientId, Optional<String>> appTypes,
            ResourceServerStore resourceServers,
            RegistryWriter writer,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.appTypes = appTypes;
        this.resourceServers = resourceServers;
        this.writer = writer;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/client-grants", "Get client grants", READ)
                        .query(ClientGrantSchema.FILTERS)
                        .query(Page.PARAMETERS)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, Page.listOf("client_grants", ClientGrantSchema.ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post("/client-grants", "Create a client grant", "create:client_grants")
                        .takes(ClientGrantSchema.CREATE)
                        .answers(201, ClientGrantSchema.ANSWER),
                this::create);
        access.mount(
                router,
                OWNER,
                Operation.get("/client-grants/{id}", "Get a client grant", READ).answers(200, ClientGrantSchema.ANSWER),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch("/client-grants/{id}", "Update a client grant", List.of("update:client_grants"))
                        .takes(ClientGrantSchema.UPDATE)
                        .answers(200, ClientGrantSchema.ANSWER),
                this::update);
        access.mount(
                router,
                OWNER,
                Operation.delete("/client-grants/{id}", "Delete a client grant", "delete:client_grants"),
                this::delete);
        access.mount(
                router,
                OWNER,
                Operation.get(
                                "/client-grants/{id}/organizations",
                                "Get the organizations of a client grant",
                                List.of("read:organization_client_grants"))
                        .query(Page.PARAMETERS)
                        .answers(200, Page.listOf("organizations", EmptyRoutes.ORGANIZATION)),
                this::organizations);
    }

    private Response list(Call call) {
        return writer.show(call, database.readSnapshot(handle -> {
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
                        server.map(ResourceServer::id).orElse(null),
                        query.first("subject_type")
                                .filter(type -> !type.isEmpty())
                                .orElse(null),
                        Page.flag(query, "allow_any_organization").orElse(null),
                        query.first("default_for")
                                .filter(clients -> !clients.isEmpty())
                                .isPresent()));
    }

    private Response get(Call call) {
        return database.read(handle -> {
            ClientGrant grant = require(handle, call);
            return writer.show(call, json(handle, grant), tag(handle, grant));
        });
    }

    /** None: there are no organizations. */
    private Response organizations(Call call) {
        database.read(handle -> require(handle, call));
        return writer.show(
                call,
                Page.of(call.request())
                        .list(
                                "organizations",
                                (_, _) -> List.<ObjectNode>of(),
                                (_, _) -> List.<ObjectNode>of(),
                                () -> 0,
                                _ -> "",
                                organization -> organization));
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request(), ClientGrantSchema.CREATE);
        Instant now = now();
        Audience audience = new Audience(fields.requireString("audience", 1, Audience.MAX_LENGTH));
        Optional<ClientId> client = holder(fields);
        Optional<ScopeSet> scope = scope(fields, Optional.of(ScopeSet.EMPTY));
        String subjectType = fields.string("subject_type", 1, Integer.MAX_VALUE).orElse(ClientGrant.FOR_CLIENTS);
        requireDetailsOfUsersOnly(fields, subjectType);
        String extra = JSON.writeValueAsString(fields.rest(JSON.createObjectNode()));
        return writer.write(call, "Create a client grant", Optional.of(fields), handle -> {
            ResourceServer server = resourceServers
                    .find(handle, audience)
                    .orElseThrow(() ->
                            ApiError.notFound("No resource with identifier " + audience, "inexistent_resource_server"));
            client.ifPresent(id -> requireUsable(handle, id));
            requireNone(handle, client, server.id(), subjectType);
            requireHeld(call, fields, server, scope, ScopeSet.EMPTY);
            ClientGrant grant = new ClientGrant(
                    identifiers.clientGrantId(), client, server.id(), scope, subjectType, extra, now, now);
            store.insert(handle, grant);
            return Outcome.of(201, json(handle, grant)).tagged(tag(handle, grant));
        });
    }

    /** Whose it is: either a client's, or the default of third-party clients. */
    private static Optional<ClientId> holder(Fields fields) {
        Optional<ClientId> client =
                fields.string("client_id", 1, ClientId.MAX_LENGTH).map(ClientId::new);
        boolean isDefault = fields.string("default_for", 1, Integer.MAX_VALUE).isPresent();
        if (isDefault && client.isPresent()) {
            throw fields.invalid("A grant has either client_id or default_for", "default_for");
        }
        if (!isDefault && client.isEmpty()) {
            throw fields.missing("client_id");
        }
        return client;
    }

    private void requireUsable(Handle handle, ClientId client) {
        String appType = appTypes.apply(handle, client)
                .orElseThrow(() -> ApiError.notFound("The client does not exist", "inexistent_client"));
        if (appType.equals("express_configuration")) {
            throw ApiError.badRequest("Client of type express_configuration cannot be used", "validation_error");
        }
    }

    private void requireNone(Handle handle, Optional<ClientId> client, String resourceServerId, String subjectType) {
        boolean exists = client.map(id -> store.exists(handle, id, resourceServerId, subjectType))
                .orElseGet(() -> store.defaultExists(handle, resourceServerId, subjectType));
        if (exists) {
            throw ApiError.conflict(
                    client.isPresent()
                            ? "A client_grant already exists for this client and audience: update it"
                            : "A client_grant already exists for this default and audience: update it",
                    "client_grant_conflict");
        }
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request(), ClientGrantSchema.UPDATE);
        return writer.write(call, "Update a client grant", Optional.of(fields), handle -> {
            ClientGrant before = require(handle, call);
            ObjectNode shownBefore = json(handle, before);
            tag(handle, before).require(call.request());
            requireMayTake(call, handle, before);
            requireDetailsOfUsersOnly(fields, before.subjectType());
            ClientGrant grant = new ClientGrant(
                    before.id(),
                    before.client(),
                    before.resourceServerId(),
                    scope(fields, before.scope()),
                    before.subjectType(),
                    JSON.writeValueAsString(fields.rest((ObjectNode) JSON.readTree(before.extraJson()))),
                    before.createdAt(),
                    now());
            resourceServers
                    .find(handle, before.resourceServerId())
                    .ifPresent(server -> requireHeld(
                            call, fields, server, grant.scope(), before.scope().orElse(ScopeSet.EMPTY)));
            store.update(handle, grant);
            return Outcome.of(200, json(handle, grant))
                    .tagged(tag(handle, grant))
                    .from(shownBefore);
        });
    }

    /** Refuses to give more of the system API than the caller holds, and ever more of it to anybody. */
    private static void requireHeld(
            Call call, Fields fields, ResourceServer server, Optional<ScopeSet> scope, ScopeSet before) {
        if (server.isSystem()) {
            Escalation.requireHeld(
                    call,
                    scope.orElseThrow(() ->
                                    fields.invalid("Scopes of the Management API are granted one by one", ALL_SCOPES))
                            .without(before));
        }
    }

    private void requireMayTake(Call call, Handle handle, ClientGrant grant) {
        if (resourceServers
                .find(handle, grant.resourceServerId())
                .filter(ResourceServer::isSystem)
                .isPresent()) {
            Escalation.requireMayTake(call, grant.scope().orElse(ScopeSet.EMPTY));
        }
    }

    private static void requireDetailsOfUsersOnly(Fields fields, String subjectType) {
        if (!subjectType.equals(ClientGrant.FOR_USERS)
                && !fields.json().path(DETAILS).isEmpty()) {
            throw fields.invalid("Only a grant with subject_type user has authorization_details_types", DETAILS);
        }
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a client grant", Optional.empty(), handle -> {
            Optional<ClientGrant> grant = store.find(handle, call.request().pathParameter("id"));
            if (grant.isEmpty()) {
                EntityTag.requireNone(call.request());
                return Outcome.noContent();
            }
            tag(handle, grant.get()).require(call.request());
            requireMayTake(call, handle, grant.get());
            store.delete(handle, grant.get().id());
            return Outcome.noContent().from(json(handle, grant.get()));
        });
    }

    /**
     * The scopes after that request; empty for all there are.
     *
     * @param before the same before it
     */
    private static Optional<ScopeSet> scope(Fields fields, Optional<ScopeSet> before) {
        boolean isSent = fields.has("scope");
        ScopeSet sent = listed(fields);
        boolean all = fields.has(ALL_SCOPES) ? fields.nullableFlag(ALL_SCOPES).orElse(false) : before.isEmpty();
        if (!all) {
            return isSent ? Optional.of(sent) : Optional.of(before.orElse(ScopeSet.EMPTY));
        }
        if (!sent.isEmpty() || (isSent && !fields.has(ALL_SCOPES))) {
            throw fields.invalid("A grant of all scopes lists none", "scope");
        }
        return Optional.empty();
    }

    /** The scopes that were sent, which null and absence leave empty. */
    private static ScopeSet listed(Fields fields) {
        if (fields.json().path("scope").isNull()) {
            return ScopeSet.EMPTY;
        }
        List<String> values = fields.strings("scope", ClientGrantSchema.MAX_SCOPES, ClientGrantSchema.MAX_SCOPE)
                .orElse(List.of());
        for (int i = 0; i < values.size(); i++) {
            if (!ScopeSet.isValue(values.get(i))) {
                throw fields.invalid(
                        "A scope has no spaces, quotes or backslashes: " + values.get(i), "scope[" + i + "]");
            }
        }
        return ScopeSet.of(values);
    }

    private ClientGrant require(Handle handle, Call call) {
        return store.find(handle, call.request().pathParameter("id"))
                .orElseThrow(() -> ApiError.notFound("The grant does not exist.", "inexistent_client_grant"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private EntityTag tag(Handle handle, ClientGrant grant) {
        return EntityTag.of(json(handle, grant), grant.updatedAt());
    }

    private ObjectNode json(Handle handle, ClientGrant grant) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", grant.id());
        grant.client()
                .ifPresentOrElse(
                        client -> json.put("client_id", client.value()),
                        () -> json.put("default_for", ClientGrant.THIRD_PARTY_CLIENTS));
        json.put(
                "audience",
                resourceServers
                        .findAudience(handle, grant.resourceServerId())
                        .orElseThrow()
                        .value());
        grant.scope().ifPresent(listed -> {
            ArrayNode scope = json.putArray("scope");
            listed.values().forEach(scope::add);
        });
        json.put("subject_type", grant.subjectType());
        json.setAll((ObjectNode) JSON.readTree(grant.extraJson()));
        if (grant.scope().isEmpty()) {
            json.put(ALL_SCOPES, true);
        }
        return json;
    }
}
