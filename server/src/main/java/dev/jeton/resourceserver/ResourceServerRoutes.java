package dev.jeton.resourceserver;

import dev.jeton.audit.Actor;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Effect;
import dev.jeton.management.EntityTag;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.management.Search;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer.Scope;
import dev.jeton.resourceserver.ResourceServerStore.Filter;
import dev.jeton.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/resource-servers}: each is found by its id or by its identifier, percent-encoded. */
public final class ResourceServerRoutes {
    /** What else an API's signing algorithm, scopes and deletion touch, in the same transaction. */
    public interface Consequences {
        /** Makes the key that signs that algorithm, if there is none. */
        Effect signsWith(Handle handle, SigningAlgorithm algorithm);

        /** Which grants hold less now. */
        Effect losesScopes(Handle handle, String resourceServerId);

        /** Tells the views that the grants for this resource server go with it; before it is deleted. */
        Effect isDeleted(Handle handle, String resourceServerId);
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ResourceServerRoutes";
    private static final List<String> READ = List.of("read:resource_servers");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{24}");
    /** How many {@code identifiers} a list may be asked for. */
    private static final int MAX_IDENTIFIERS = 10;

    private final Database database;
    private final ResourceServers resourceServers;
    private final ResourceServerStore store;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final Consequences consequences;
    private final InstantSource clock;

    /** @param resourceServers where a search looks */
    public ResourceServerRoutes(
            Database database,
            ResourceServers resourceServers,
            ResourceServerStore store,
            RegistryWriter writer,
            Identifiers identifiers,
            Consequences consequences,
            InstantSource clock) {
        this.database = database;
        this.resourceServers = resourceServers;
        this.store = store;
        this.writer = writer;
        this.identifiers = identifiers;
        this.consequences = consequences;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/resource-servers", "Get resource servers", READ)
                        .query(
                                "identifiers",
                                Schema.listOf(Schema.text()).between(0, MAX_IDENTIFIERS),
                                "Only those with one of these identifiers; given once for each.")
                        .query(List.of(Search.parameter("the id or the identifier")))
                        .query(Page.PARAMETERS)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, Page.listOf("resource_servers", ResourceServerSchema.ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post("/resource-servers", "Create a resource server", "create:resource_servers")
                        .takes(ResourceServerSchema.CREATE)
                        .answers(201, ResourceServerSchema.ANSWER),
                this::create);
        access.mount(
                router,
                OWNER,
                Operation.get("/resource-servers/{id}", "Get a resource server", READ)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, ResourceServerSchema.ANSWER),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch(
                                "/resource-servers/{id}",
                                "Update a resource server",
                                List.of("update:resource_servers"))
                        .takes(ResourceServerSchema.UPDATE)
                        .answers(200, ResourceServerSchema.ANSWER),
                this::update);
        access.mount(
                router,
                OWNER,
                Operation.delete("/resource-servers/{id}", "Delete a resource server", "delete:resource_servers"),
                this::delete);
    }

    private Response list(Call call) {
        Optional<Search> search = Search.of(call.request().query());
        if (search.isPresent()) {
            return found(call, search.get());
        }
        Filter filter = filter(call.request().query());
        return writer.show(
                call,
                database.readSnapshot(handle -> Page.of(call.request())
                        .list(
                                "resource_servers",
                                (offset, limit) -> store.page(handle, filter, offset, limit),
                                (after, limit) -> store.pageAfter(handle, filter, after, limit),
                                () -> store.count(handle, filter),
                                ResourceServer::id,
                                server -> json(call, server))));
    }

    private Response found(Call call, Search search) {
        if (call.request().query().first("identifiers").isPresent()) {
            throw Page.invalid("It cannot be combined with identifiers", "search");
        }
        Search.Matches matches = resourceServers.matches(search);
        return writer.show(
                call,
                database.readSnapshot(handle -> Page.of(call.request())
                        .list(
                                "resource_servers",
                                (offset, limit) -> store.find(handle, matches.page(offset, limit)),
                                (after, limit) -> store.find(handle, matches.after(after, limit)),
                                () -> matches.ids().size(),
                                ResourceServer::id,
                                ResourceServerJson::of)));
    }

    private static Filter filter(Form query) {
        List<String> identifiers = query.all("identifiers");
        return identifiers.isEmpty()
                ? Filter.ALL
                : Filter.by(identifiers.stream()
                        .filter(ResourceServerRoutes::isIdentifier)
                        .map(Audience::new)
                        .toList());
    }

    private Response get(Call call) {
        ResourceServer server = database.read(handle -> require(handle, call));
        return writer.show(call, FieldSelection.of(call.request().query()).apply(json(call, server)), tag(server));
    }

    /** With its signing secret as at Auth0; to an administrator who may not set one it is not shown. */
    private static ObjectNode json(Call call, ResourceServer server) {
        ObjectNode json = ResourceServerJson.of(server);
        if (call.caller().who() instanceof Actor.OfAdministrator && !call.may("update:resource_servers")) {
            json.remove(ResourceServerJson.SECRET);
        }
        return json;
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request(), ResourceServerSchema.CREATE);
        Instant now = now();
        Audience audience =
                new Audience(fields.string("identifier", 1, Audience.MAX_LENGTH).orElseThrow());
        SigningAlgorithm algorithm =
                fields.oneOf("signing_alg", SigningAlgorithm::find).orElse(SigningAlgorithm.RS256);
        Duration lifetime = lifetime(fields).orElse(ResourceServer.DEFAULT_TOKEN_LIFETIME);
        ResourceServer server = new ResourceServer(
                identifiers.resourceServerId(now),
                audience,
                name(fields).orElse(null),
                scopes(fields).orElse(null),
                algorithm,
                signingSecret(fields, algorithm, Optional.empty()),
                lifetime,
                fields.oneOf("token_dialect", TokenDialect::find).orElse(null),
                false,
                kept(fields, lifetime, JSON.createObjectNode()),
                now,
                now);
        return writer.write(call, "Create a resource server", Optional.of(fields), handle -> {
            requireFree(handle, audience, fields);
            store.insert(handle, server);
            Effect keys = consequences.signsWith(handle, server.signingAlgorithm());
            return Outcome.of(201, ResourceServerJson.of(server))
                    .tagged(tag(server))
                    .with(keys);
        });
    }

    private void requireFree(Handle handle, Audience audience, Fields fields) {
        if (store.findSystem(handle)
                .filter(system -> system.audience().equals(audience))
                .isPresent()) {
            throw fields.invalid("This identifier is reserved for the Management API", "identifier");
        }
        if (ID.matcher(audience.value()).matches()
                && store.find(handle, audience.value()).isPresent()) {
            // A path that names it would name the other.
            throw fields.invalid("This identifier is the id of another resource server", "identifier");
        }
        if (store.find(handle, audience).isPresent()) {
            throw ApiError.conflict(
                    "A resource server with the same identifier already exists", "resource_server_conflict");
        }
    }

    private Response update(Call call) {
        return writer.write(call, "Update a resource server", Optional.of(Fields.of(call.request())), handle -> {
            ResourceServer before = require(handle, call);
            tag(before).require(call.request());
            ResourceServer server = before.isSystem()
                    ? changedSystem(before, Fields.of(call.request(), ResourceServerSchema.UPDATE_SYSTEM))
                    : changed(before, Fields.of(call.request(), ResourceServerSchema.UPDATE));
            store.update(handle, server);
            Effect keys = consequences.signsWith(handle, server.signingAlgorithm());
            Outcome updated = Outcome.of(200, ResourceServerJson.of(server))
                    .tagged(tag(server))
                    .from(ResourceServerJson.of(before))
                    .with(keys);
            List<String> lost = lostScopes(before, server);
            return lost.isEmpty()
                    ? updated
                    : updated.with(Effect.on("scopes_deleted", lost, (json, value) -> json.put("value", value)))
                            .with(consequences.losesScopes(handle, server.id()));
        });
    }

    private static List<String> lostScopes(ResourceServer before, ResourceServer after) {
        Set<String> kept = new HashSet<>(values(after));
        return values(before).stream().filter(value -> !kept.contains(value)).toList();
    }

    private static List<String> values(ResourceServer server) {
        List<Scope> scopes = server.scopes();
        return scopes == null ? List.of() : scopes.stream().map(Scope::value).toList();
    }

    private ResourceServer changed(ResourceServer before, Fields fields) {
        SigningAlgorithm algorithm =
                fields.oneOf("signing_alg", SigningAlgorithm::find).orElse(before.signingAlgorithm());
        Optional<List<Scope>> scopes = scopes(fields);
        Duration lifetime = lifetime(fields).orElse(before.tokenLifetime());
        return new ResourceServer(
                before.id(),
                before.audience(),
                name(fields).orElse(before.name()),
                scopes.orElse(before.scopes()),
                algorithm,
                signingSecret(fields, algorithm, before.signingSecret()),
                lifetime,
                fields.oneOf("token_dialect", TokenDialect::find).orElse(before.tokenDialect()),
                before.isSystem(),
                kept(fields, lifetime, (ObjectNode) JSON.readTree(before.extraJson())),
                before.createdAt(),
                EntityTag.later(before.updatedAt(), now()));
    }

    /** The same, unless nobody could get a token to take it back. */
    private ResourceServer changedSystem(ResourceServer before, Fields fields) {
        ResourceServer server = changed(before, fields);
        Demand.of(JSON.readTree(server.extraJson())).ifPresent(demand -> {
            throw fields.invalid(
                    "No client could get a token for the Management API again: it " + demand.predicate(),
                    demand.field());
        });
        return server;
    }

    /**
     * The fields that are kept and given back, those that were sent put over those from before.
     *
     * @param lifetime of a token, which that for the web does not exceed
     */
    private static String kept(Fields fields, Duration lifetime, ObjectNode before) {
        ObjectNode sent = fields.json();
        ObjectNode kept = fields.rest(before);
        fields.integer(ResourceServerJson.WEB_LIFETIME, 0, lifetime.toSeconds());
        if (sent.has(ResourceServerJson.POLICIES)) {
            // A policy that is not named stays: nobody opens an API by mistake.
            ObjectNode policies = ResourceServerJson.policies(before.path(ResourceServerJson.POLICIES));
            sent.path(ResourceServerJson.POLICIES)
                    .properties()
                    .forEach(policy ->
                            policies.withObject("/" + policy.getKey()).setAll((ObjectNode) policy.getValue()));
            kept.set(ResourceServerJson.POLICIES, policies);
        }
        if (sent.path(ResourceServerJson.ENCRYPTION).isObject()) {
            kept.set(ResourceServerJson.ENCRYPTION, withThumbprint(fields, kept.path(ResourceServerJson.ENCRYPTION)));
        }
        return JSON.writeValueAsString(kept);
    }

    private static ObjectNode withThumbprint(Fields fields, JsonNode encryption) {
        ObjectNode copy = (ObjectNode) encryption.deepCopy();
        ObjectNode key = copy.withObject("/encryption_key");
        key.put(
                "thumbprint_sha256",
                EncryptionKey.thumbprint(key.path("pem").asString())
                        .orElseThrow(() -> fields.invalid(
                                "Not a certificate or a public key in PEM, of RSA with 2048 bits or more",
                                "token_encryption.encryption_key.pem")));
        return copy;
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a resource server", Optional.empty(), handle -> {
            Optional<ResourceServer> server = find(handle, call);
            if (server.isEmpty()) {
                EntityTag.requireNone(call.request());
                return Outcome.noContent();
            }
            Effect lostGrants = delete(handle, call, server.get());
            return Outcome.noContent().from(ResourceServerJson.of(server.get())).with(lostGrants);
        });
    }

    private Effect delete(Handle handle, Call call, ResourceServer server) {
        tag(server).require(call.request());
        if (server.isSystem()) {
            throw ApiError.badRequest("The system API cannot be deleted", "operation_not_supported");
        }
        Effect lostGrants = consequences.isDeleted(handle, server.id());
        store.delete(handle, server.id());
        return lostGrants;
    }

    private static Optional<String> name(Fields fields) {
        return fields.string("name", 0, Integer.MAX_VALUE);
    }

    private static Optional<List<Scope>> scopes(Fields fields) {
        return fields.objects("scopes", Integer.MAX_VALUE).map(items -> {
            Map<String, Scope> scopes = new LinkedHashMap<>();
            List<String> values = new ArrayList<>();
            for (Fields item : items) {
                String value = item.requireString("value", 1, Integer.MAX_VALUE);
                if (!ScopeSet.isValue(value)) {
                    throw item.invalid("A scope has no spaces, quotes or backslashes: " + value, "value");
                }
                Scope scope = new Scope(
                        value, item.string("description", 0, Integer.MAX_VALUE).orElse(null));
                if (scopes.putIfAbsent(value, scope) != null) {
                    throw fields.invalid(
                            "Array items are not unique (indexes " + values.indexOf(value) + " and " + values.size()
                                    + ")",
                            "scopes");
                }
                values.add(value);
            }
            return List.copyOf(scopes.values());
        });
    }

    private Optional<SigningSecret> signingSecret(
            Fields fields, SigningAlgorithm algorithm, Optional<SigningSecret> before) {
        Optional<SigningSecret> sent = fields.string(
                        ResourceServerJson.SECRET, SigningSecret.MIN_LENGTH, Integer.MAX_VALUE)
                .map(SigningSecret::new);
        if (algorithm != SigningAlgorithm.HS256) {
            return sent.or(() -> before);
        }
        return sent.or(() -> before).or(() -> Optional.of(new SigningSecret(identifiers.clientSecret())));
    }

    private static Optional<Duration> lifetime(Fields fields) {
        return fields.integer("token_lifetime", 1, ResourceServer.MAX_TOKEN_LIFETIME.toSeconds())
                .map(Duration::ofSeconds);
    }

    private ResourceServer require(Handle handle, Call call) {
        return find(handle, call)
                .orElseThrow(
                        () -> ApiError.notFound("The resource server does not exist", "inexistent_resource_server"));
    }

    /** By id, by identifier, or by an identifier that was encoded once too often, as Auth0's command line does. */
    private Optional<ResourceServer> find(Handle handle, Call call) {
        String id = call.request().pathParameter("id");
        return store.find(handle, id)
                .or(() -> byIdentifier(handle, id))
                .or(() -> decodedOnceMore(id).flatMap(identifier -> byIdentifier(handle, identifier)));
    }

    private static Optional<String> decodedOnceMore(String id) {
        try {
            return id.indexOf('%') < 0 ? Optional.empty() : Optional.of(Form.decode(id, false));
        } catch (Form.MalformedException e) {
            return Optional.empty();
        }
    }

    private Optional<ResourceServer> byIdentifier(Handle handle, String identifier) {
        return isIdentifier(identifier) ? store.find(handle, new Audience(identifier)) : Optional.empty();
    }

    private static boolean isIdentifier(String text) {
        return !text.isEmpty() && text.length() <= Audience.MAX_LENGTH && text.indexOf('\0') < 0;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static EntityTag tag(ResourceServer server) {
        return EntityTag.of(ResourceServerJson.of(server).without(ResourceServerJson.SECRET), server.updatedAt());
    }
}
