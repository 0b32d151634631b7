package dev.jeton.client;

import dev.jeton.audit.Actor;
import dev.jeton.clientgrant.GrantEffects;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Effect;
import dev.jeton.management.EntityTag;
import dev.jeton.management.Escalation;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Search;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/clients}. */
public final class ClientRoutes {
    private static final String OWNER = "ClientRoutes";
    private static final List<String> READ =
            List.of("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary");
    private static final List<String> READ_ALL = List.of("read:clients", "read:client_keys");
    private static final List<String> READ_KEYS = List.of("read:client_keys", "read:client_credentials");
    private static final String UPDATE_KEYS = "update:client_keys";
    private static final String UPDATE_CREDENTIALS = "update:client_credentials";
    private static final String UPDATE_TOKEN_VAULT = "update:client_token_vault_privileged_access";
    private static final List<String> UPDATE =
            List.of("update:clients", UPDATE_KEYS, UPDATE_CREDENTIALS, UPDATE_TOKEN_VAULT);

    private final Database database;
    private final Clients clients;
    private final ClientStore store;
    private final GrantEffects grants;
    private final Escalation escalation;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final ClientJson json;
    private final GlobalClient global;
    private final CredentialStore credentials = new CredentialStore();
    private final InstantSource clock;

    /** The ids of Auth0's and what other servers call theirs; none that a path or a log would have to escape. */
    private static final Pattern ID = Pattern.compile("^[A-Za-z0-9_-]{1,64}$");

    /**
     * @param clients where a search looks
     * @param jwks the published signing keys, whose certificate every client shows
     */
    public ClientRoutes(
            Database database,
            Clients clients,
            ClientStore store,
            GrantEffects grants,
            Escalation escalation,
            RegistryWriter writer,
            Identifiers identifiers,
            Issuer issuer,
            Supplier<String> jwks,
            InstantSource clock) {
        this.database = database;
        this.clients = clients;
        this.store = store;
        this.grants = grants;
        this.escalation = escalation;
        this.writer = writer;
        this.identifiers = identifiers;
        SigningCertificate certificate = new SigningCertificate(jwks);
        this.json = new ClientJson(issuer, certificate);
        this.global = new GlobalClient(issuer, certificate);
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/clients", "Get clients", READ)
                        .query(Page.PARAMETERS)
                        .query(FieldSelection.PARAMETERS)
                        .query(ClientFilter.PARAMETERS)
                        .answers(200, Page.listOf("clients", ClientSchema.ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post("/clients", "Create a client", "create:clients")
                        .takes(ClientSchema.CREATE)
                        .answers(201, ClientSchema.ANSWER),
                this::create);
        access.mount(
                router,
                OWNER,
                Operation.put("/clients/{id}", "Create a client under an id", "create:clients")
                        .takes(ClientSchema.CREATE)
                        .answers(201, ClientSchema.ANSWER),
                this::createUnderId);
        access.mount(
                router,
                OWNER,
                Operation.get("/clients/{id}", "Get a client", READ)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, ClientSchema.ANSWER),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch("/clients/{id}", "Update a client", UPDATE)
                        .takes(ClientSchema.UPDATE)
                        .answers(200, ClientSchema.ANSWER),
                this::update);
        access.mount(
                router, OWNER, Operation.delete("/clients/{id}", "Delete a client", "delete:clients"), this::delete);
        access.mount(
                router,
                OWNER,
                Operation.post("/clients/{id}/rotate-secret", "Rotate a client secret", UPDATE_KEYS)
                        .answers(200, ClientSchema.ANSWER),
                this::rotateSecret);
        new CredentialRoutes(database, store, credentials, escalation, writer, identifiers, clock)
                .mount(router, access);
    }

    private Response list(Call call) {
        requireMayName(call);
        Page page = Page.of(call.request());
        ClientFilter filter = ClientFilter.of(call.request().query());
        JsonNode clients = database.readSnapshot(handle -> filter.isGlobal() || filter.isNothing()
                ? global(call, handle, page, filter)
                : filter.search().isPresent()
                        ? found(call, handle, page, filter)
                        : ordinary(call, handle, page, filter));
        return writer.show(call, clients);
    }

    private JsonNode ordinary(Call call, Handle handle, Page page, ClientFilter filter) {
        Map<ClientId, ClientSecret> secrets = new HashMap<>();
        return page.list(
                "clients",
                (offset, limit) -> withSecrets(call, handle, store.page(handle, filter, offset, limit), secrets),
                (after, limit) -> withSecrets(call, handle, store.pageAfter(handle, filter, after, limit), secrets),
                () -> store.count(handle, filter),
                client -> client.id().value(),
                client -> seenBy(call, json.of(client, Optional.ofNullable(secrets.get(client.id())))));
    }

    private JsonNode found(Call call, Handle handle, Page page, ClientFilter filter) {
        Search.Matches matches = clients.matches(filter);
        Map<ClientId, ClientSecret> secrets = new HashMap<>();
        return page.list(
                "clients",
                (offset, limit) -> withSecrets(call, handle, store.find(handle, matches.page(offset, limit)), secrets),
                (after, limit) -> withSecrets(call, handle, store.find(handle, matches.after(after, limit)), secrets),
                () -> matches.ids().size(),
                client -> client.id().value(),
                client -> seenBy(call, json.of(client, Optional.ofNullable(secrets.get(client.id())))));
    }

    /** The list of the global client, or of none. */
    private JsonNode global(Call call, Handle handle, Page page, ClientFilter filter) {
        List<ClientId> all = filter.fitsGlobal(GlobalClient.NAME, global.id()) ? List.of(global.id()) : List.of();
        return page.list(
                "clients",
                (offset, limit) -> offset == 0 && limit > 0 ? all : List.of(),
                (after, _) -> all.stream()
                        .filter(id -> id.value().compareTo(after) > 0)
                        .toList(),
                all::size,
                ClientId::value,
                _ -> seenBy(call, global.read(handle)));
    }

    /** The same clients; those of their secrets that the caller may know are in {@code secrets} then. */
    private List<Client> withSecrets(
            Call call, Handle handle, List<Client> clients, Map<ClientId, ClientSecret> secrets) {
        if (mayReadKeys(call)) {
            secrets.putAll(store.findSecrets(
                    handle,
                    clients.stream()
                            .map(Client::id)
                            .filter(id -> escalation.mayKnowSecretOf(call, id))
                            .toList()));
        }
        return clients;
    }

    private Response get(Call call) {
        FieldSelection selection = requireMayName(call);
        record Found(ObjectNode json, EntityTag tag) {}
        Found found = database.readSnapshot(handle -> {
            if (isGlobal(call)) {
                return new Found(global.read(handle), global.tag(handle));
            }
            Client client = require(handle, call);
            return new Found(json.of(client, secretFor(call, handle, client)), tag(client));
        });
        return writer.show(call, selection.apply(seenBy(call, found.json())), found.tag());
    }

    /** Which members were asked for: by their names only those that the caller's scopes show. */
    private static FieldSelection requireMayName(Call call) {
        FieldSelection selection = FieldSelection.of(call.request().query());
        Set<String> named = new HashSet<>(selection.named());
        named.removeAll(ClientJson.SUMMARY);
        if (named.removeAll(ClientJson.KEYS)) {
            requireAny(call, READ_KEYS);
        }
        if (!named.isEmpty()) {
            requireAny(call, READ_ALL);
        }
        return selection;
    }

    private Response create(Call call) {
        return create(call, identifiers.clientId(), "Create a client");
    }

    /** Not Auth0's: an application that moves here keeps the id that its programs carry. */
    private Response createUnderId(Call call) {
        requireAny(call, List.of("create:client_keys"));
        String id = call.request().pathParameter("id");
        if (!ID.matcher(id).matches() || global.is(id)) {
            throw ApiError.badRequest(
                    "Path validation error: 'String does not match pattern " + ID.pattern() + "' on property id.",
                    "invalid_uri");
        }
        return create(call, new ClientId(id), "Create a client under an id");
    }

    private Response create(Call call, ClientId id, String description) {
        Fields fields = Fields.of(call.request(), ClientSchema.CREATE);
        ClientSecret secret = secret(fields).orElseGet(() -> new ClientSecret(identifiers.clientSecret()));
        Instant now = now();
        AttachedCredentials attached = AttachedCredentials.made(fields, identifiers, id, now);
        if (!attached.made().isEmpty() || fields.has(AttachedCredentials.METHODS)) {
            requireAny(call, List.of("create:client_credentials"));
        }
        Client client = ClientChange.created(id, fields, attached, now);
        return writer.write(call, description, Optional.of(fields), handle -> {
            if (store.find(handle, id).isPresent()) {
                throw ApiError.conflict("A client with the same id already exists", "client_conflict");
            }
            store.insert(handle, client, secret);
            attached.made().forEach(credential -> credentials.insert(handle, credential));
            return Outcome.of(201, json.ofNew(client, secret)).tagged(tag(client));
        });
    }

    private boolean isGlobal(Call call) {
        return global.is(call.request().pathParameter("id"));
    }

    private Response updateGlobal(Call call) {
        Fields fields = Fields.of(call.request(), GlobalClient.changeSchema());
        return writer.write(call, "Update a client", Optional.of(fields), handle -> {
            global.tag(handle).require(call.request());
            ObjectNode before = global.read(handle);
            return Outcome.of(200, withoutKeys(call, global.change(handle, fields)))
                    .tagged(global.tag(handle))
                    .from(withoutKeys(call, before));
        });
    }

    private Response update(Call call) {
        if (isGlobal(call)) {
            return updateGlobal(call);
        }
        Fields fields = Fields.of(call.request(), ClientSchema.UPDATE);
        Optional<ClientSecret> secret = secret(fields);
        if (secret.isPresent()) {
            requireAny(call, List.of(UPDATE_KEYS));
        }
        if (fields.has(AttachedCredentials.METHODS)) {
            requireAny(call, List.of(UPDATE_CREDENTIALS));
        }
        if (fields.has(AttachedCredentials.TOKEN_VAULT)) {
            requireAny(call, List.of(UPDATE_CREDENTIALS, UPDATE_TOKEN_VAULT));
        }
        return writer.write(call, "Update a client", Optional.of(fields), handle -> {
            Client before = require(handle, call);
            tag(before).require(call.request());
            escalation.requireMayChange(call, before.id());
            if (secret.isPresent() || AttachedCredentials.areIn(fields)) {
                escalation.requireMayKnowSecretOf(call, before.id());
            }
            AttachedCredentials attached = AttachedCredentials.named(fields, credentials.list(handle, before.id()));
            ObjectNode shownBefore = withoutKeys(call, json.of(before, secretFor(call, handle, before)));
            Client client = ClientChange.changed(before, fields, attached, now());
            store.update(handle, client);
            secret.ifPresent(text -> store.putSecret(handle, client.id(), text, client.updatedAt()));
            return Outcome.of(200, withoutKeys(call, json.of(client, secretFor(call, handle, client))))
                    .tagged(tag(client))
                    .from(shownBefore);
        });
    }

    private Response delete(Call call) {
        if (isGlobal(call)) {
            throw ApiError.badRequest("The global client cannot be deleted", "operation_not_supported");
        }
        return writer.write(call, "Delete a client", Optional.empty(), handle -> {
            Optional<Client> client = find(handle, call);
            if (client.isEmpty()) {
                EntityTag.requireNone(call.request());
                return Outcome.noContent();
            }
            tag(client.get()).require(call.request());
            ClientId id = client.get().id();
            escalation.requireMayChange(call, id);
            Effect lostGrants = grants.deletedWith(handle, id);
            Effect lostCredentials = Effect.on(
                    "client_credentials_deleted",
                    credentials.list(handle, id),
                    (json, credential) -> json.put("id", credential.id())
                            .put("credential_type", credential.type().wireName()));
            store.delete(handle, id);
            return Outcome.noContent()
                    .from(json.of(client.get(), Optional.empty()).without("signing_keys"))
                    .with(lostGrants)
                    .with(lostCredentials);
        });
    }

    private Response rotateSecret(Call call) {
        ClientSecret secret = new ClientSecret(identifiers.clientSecret());
        return writer.write(call, "Rotate a client secret", Optional.empty(), handle -> {
            Client before = require(handle, call);
            tag(before).require(call.request());
            escalation.requireMayKnowSecretOf(call, before.id());
            if (before.hasCredentials()) {
                throw ApiError.badRequest(
                        "The client proves who it is by its credentials, not by a secret", "operation_not_supported");
            }
            Client client = before.changedAt(now());
            store.update(handle, client);
            store.putSecret(handle, client.id(), secret, client.updatedAt());
            return Outcome.of(200, json.of(client, Optional.of(secret)))
                    .tagged(tag(client))
                    .from(json.of(before, Optional.empty()));
        });
    }

    private static Optional<ClientSecret> secret(Fields fields) {
        return fields.string(ClientJson.SECRET, 0, Integer.MAX_VALUE).map(ClientSecret::new);
    }

    private Optional<Client> find(Handle handle, Call call) {
        String id = call.request().pathParameter("id");
        return id.length() > ClientId.MAX_LENGTH ? Optional.empty() : store.find(handle, new ClientId(id));
    }

    private Client require(Handle handle, Call call) {
        return find(handle, call).orElseThrow(ClientRoutes::gone);
    }

    static ApiError.ApiException gone() {
        return ApiError.notFound("The client does not exist", "inexistent_client");
    }

    private static void requireAny(Call call, List<String> anyOf) {
        if (anyOf.stream().noneMatch(call::may)) {
            throw new ApiError(
                            403,
                            "Insufficient scope, expected any of: " + String.join(",", anyOf),
                            "insufficient_scope")
                    .exception();
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Every change gives a client a later time, so that this tells all its states apart, that of its secret too. */
    static EntityTag tag(Client client) {
        return EntityTag.of(JsonMapper.shared().valueToTree(client.id().value()), client.updatedAt());
    }

    private static boolean mayReadKeys(Call call) {
        return READ_KEYS.stream().anyMatch(call::may);
    }

    /** Its secret, if the caller may know it. */
    private Optional<ClientSecret> secretFor(Call call, Handle handle, Client client) {
        return mayReadKeys(call) && escalation.mayKnowSecretOf(call, client.id())
                ? store.findSecret(handle, client.id())
                : Optional.empty();
    }

    /** Add-ons are what people write secrets into; clients read them as at Auth0, administrators with the keys. */
    private static ObjectNode withoutKeys(Call call, ObjectNode client) {
        if (mayReadKeys(call)) {
            return client;
        }
        if (call.caller().who() instanceof Actor.OfAdministrator) {
            client.remove("addons");
        }
        return client.remove(ClientJson.KEYS);
    }

    /** What the caller's scopes show of a client. */
    private static ObjectNode seenBy(Call call, ObjectNode client) {
        withoutKeys(call, client);
        if (READ_ALL.stream().noneMatch(call::may)) {
            Set<String> shown = new HashSet<>(ClientJson.SUMMARY);
            shown.addAll(ClientJson.KEYS);
            client.retain(shown);
        }
        return client;
    }
}
