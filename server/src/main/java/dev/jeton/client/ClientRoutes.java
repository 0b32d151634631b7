package dev.jeton.client;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/clients}. */
public final class ClientRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ClientRoutes";
    private static final List<String> READ =
            List.of("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary");
    private static final Set<String> READ_KEYS = Set.of("read:client_keys", "read:client_credentials");
    /** What {@code read:client_summary} alone shows. */
    private static final Set<String> SUMMARY = Set.of("client_id", "app_type", "name", "description");

    private static final List<String> DEFAULT_GRANT_TYPES =
            List.of("authorization_code", "implicit", "refresh_token", "client_credentials");
    private static final int MAX_NAME = 255;
    private static final int MAX_DESCRIPTION = 140;
    private static final int MAX_METADATA = 10;
    private static final int MAX_SECRET = 1024;
    /** Auth0's fields that are kept and given back. */
    private static final Set<String> KEPT = Set.of(
            "logo_uri",
            "callbacks",
            "oidc_logout",
            "oidc_backchannel_logout",
            "session_transfer",
            "allowed_origins",
            "web_origins",
            "client_aliases",
            "allowed_clients",
            "allowed_logout_urls",
            "is_token_endpoint_ip_header_trusted",
            "is_first_party",
            "oidc_conformant",
            "jwt_configuration",
            "encryption_key",
            "sso",
            "cross_origin_authentication",
            "cross_origin_loc",
            "sso_disabled",
            "custom_login_page_on",
            "custom_login_page",
            "custom_login_page_preview",
            "form_template",
            "addons",
            "mobile",
            "initiate_login_uri",
            "native_social_login",
            "fedcm_login",
            "refresh_token",
            "default_organization",
            "organization_usage",
            "organization_require_behavior",
            "organization_discovery_methods",
            "require_pushed_authorization_requests",
            "signed_request_object",
            "compliance_level",
            "skip_non_verifiable_callback_uri_confirmation_prompt",
            "token_exchange",
            "par_request_expiry",
            "third_party_security_mode",
            "redirection_policy",
            "express_configuration",
            "my_organization_configuration",
            "async_approval_notification_channels");

    private final Database database;
    private final ClientStore store;
    private final ClientGrantStore grants;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final Issuer issuer;
    private final InstantSource clock;

    public ClientRoutes(
            Database database,
            ClientStore store,
            ClientGrantStore grants,
            RegistryWriter writer,
            Identifiers identifiers,
            Issuer issuer,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.grants = grants;
        this.writer = writer;
        this.identifiers = identifiers;
        this.issuer = issuer;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(router, OWNER, "GET", "/clients", READ, this::list);
        access.mount(router, OWNER, "POST", "/clients", List.of("create:clients"), this::create);
        access.mount(router, OWNER, "GET", "/clients/{id}", READ, this::get);
        access.mount(
                router, OWNER, "PATCH", "/clients/{id}", List.of("update:clients", "update:client_keys"), this::update);
        access.mount(router, OWNER, "DELETE", "/clients/{id}", List.of("delete:clients"), this::delete);
        access.mount(
                router,
                OWNER,
                "POST",
                "/clients/{id}/rotate-secret",
                List.of("update:client_keys"),
                this::rotateSecret);
    }

    private Response list(Call call) {
        return database.read(handle -> Page.of(call.request())
                .answer(
                        "clients",
                        new Page.Source<Client>() {
                            @Override
                            public List<Client> page(int offset, int limit) {
                                return store.page(handle, offset, limit);
                            }

                            @Override
                            public List<Client> pageAfter(String after, int limit) {
                                return store.pageAfter(handle, after, limit);
                            }
                        },
                        () -> store.count(handle),
                        client -> client.id().value(),
                        client -> visible(call, handle, client)));
    }

    private Response get(Call call) {
        return database.read(handle -> {
            ObjectNode client =
                    FieldSelection.of(call.request().query()).apply(visible(call, handle, require(handle, id(call))));
            return Response.json(200, JSON.writeValueAsBytes(client)).with("Cache-Control", "no-store");
        });
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request());
        Instant now = now();
        String name = fields.name("name", MAX_NAME).orElseGet(() -> fields.requireString("name", 1, MAX_NAME));
        ClientSecret secret = secret(fields).orElseGet(() -> new ClientSecret(identifiers.clientSecret()));
        Client client = checked(
                fields,
                new Client(
                        identifiers.clientId(),
                        name,
                        fields.string("description", 0, MAX_DESCRIPTION).orElse(null),
                        fields.string("app_type", 1, 64).orElse(null),
                        fields.strings("grant_types", 64, 256).orElse(DEFAULT_GRANT_TYPES),
                        authMethod(fields),
                        merged(Map.of(), fields),
                        JSON.writeValueAsString(fields.keepRest(KEPT, JSON.createObjectNode())),
                        now,
                        now));
        return writer.write(call, "Create a client", Optional.of(fields), handle -> {
            store.insert(handle, client, secret);
            return Outcome.of(201, json(client).put("client_secret", secret.reveal()));
        });
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request());
        Optional<ClientSecret> secret = secret(fields);
        if (secret.isPresent() && !call.may("update:client_keys")) {
            throw insufficientScope("update:client_keys");
        }
        return writer.write(call, "Update a client", Optional.of(fields), handle -> {
            Client before = require(handle, id(call));
            Client client = checked(fields, changed(before, fields));
            store.update(handle, client);
            secret.ifPresent(text -> store.putSecret(handle, client.id(), text, client.updatedAt()));
            return Outcome.of(200, visible(call, handle, client));
        });
    }

    private Client changed(Client before, Fields fields) {
        return new Client(
                before.id(),
                fields.name("name", MAX_NAME).orElse(before.name()),
                fields.string("description", 0, MAX_DESCRIPTION).orElse(before.description()),
                fields.string("app_type", 1, 64).orElse(before.appType()),
                fields.strings("grant_types", 64, 256).orElse(before.grantTypes()),
                fields.has("token_endpoint_auth_method") ? authMethod(fields) : before.authMethod(),
                merged(before.metadata(), fields),
                JSON.writeValueAsString(fields.keepRest(KEPT, (ObjectNode) JSON.readTree(before.extraJson()))),
                before.createdAt(),
                now());
    }

    private Response delete(Call call) {
        ClientId id = id(call);
        return writer.write(call, "Delete a client", Optional.empty(), handle -> {
            if (store.delete(handle, id)) {
                grants.announceDeletedWith(handle, id);
            }
            return Outcome.noContent();
        });
    }

    private Response rotateSecret(Call call) {
        ClientSecret secret = new ClientSecret(identifiers.clientSecret());
        return writer.write(call, "Rotate a client secret", Optional.empty(), handle -> {
            Client client = require(handle, id(call));
            store.putSecret(handle, client.id(), secret, now());
            return Outcome.of(200, json(client).put("client_secret", secret.reveal()));
        });
    }

    private static Client checked(Fields fields, Client client) {
        if (client.authMethod() == AuthMethod.NONE && client.mayUse("client_credentials")) {
            throw fields.invalid(
                    "Invalid grant types: client_credentials (a client that keeps no secret cannot use it)",
                    "token_endpoint_auth_method");
        }
        return client;
    }

    private static @Nullable AuthMethod authMethod(Fields fields) {
        return fields.nullableOneOf("token_endpoint_auth_method", name -> Optional.ofNullable(AuthMethod.of(name)))
                .orElse(null);
    }

    private static Optional<ClientSecret> secret(Fields fields) {
        return fields.string("client_secret", 1, MAX_SECRET).map(ClientSecret::new);
    }

    private static Map<String, String> merged(Map<String, String> before, Fields fields) {
        Map<String, String> metadata = new HashMap<>(before);
        fields.stringMap("client_metadata", 2 * MAX_METADATA, 255)
                .ifPresent(sent -> sent.forEach((key, value) ->
                        value.ifPresentOrElse(text -> metadata.put(key, text), () -> metadata.remove(key))));
        if (metadata.size() > MAX_METADATA) {
            throw fields.invalid(
                    "Too many properties defined (" + metadata.size() + "), maximum " + MAX_METADATA,
                    "client_metadata");
        }
        return metadata;
    }

    private static ClientId id(Call call) {
        String id = call.request().pathParameter("id");
        if (id.length() > ClientId.MAX_LENGTH) {
            throw gone();
        }
        return new ClientId(id);
    }

    private Client require(Handle handle, ClientId id) {
        return store.find(handle, id).orElseThrow(ClientRoutes::gone);
    }

    private static ApiError.ApiException gone() {
        return ApiError.notFound("The client does not exist", "inexistent_client");
    }

    private static ApiError.ApiException insufficientScope(String scope) {
        return new ApiError(403, "Insufficient scope, expected any of: " + scope, "insufficient_scope").exception();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** What the caller's scopes show of a client. */
    private ObjectNode visible(Call call, Handle handle, Client client) {
        ObjectNode json = json(client);
        if (!call.may("read:clients") && !call.may("read:client_keys") && !call.may("update:clients")) {
            json.retain(SUMMARY);
        }
        if (READ_KEYS.stream().anyMatch(call::may)) {
            store.findSecret(handle, client.id()).ifPresent(secret -> json.put("client_secret", secret.reveal()));
        }
        return json;
    }

    private ObjectNode json(Client client) {
        ObjectNode json = JSON.createObjectNode();
        json.put("tenant", issuer.host());
        json.put("global", false);
        json.put("name", client.name());
        if (client.description() != null) {
            json.put("description", client.description());
        }
        json.put("client_id", client.id().value());
        if (client.appType() != null) {
            json.put("app_type", client.appType());
        }
        ArrayNode grantTypes = json.putArray("grant_types");
        client.grantTypes().forEach(grantTypes::add);
        if (client.authMethod() != null) {
            json.put("token_endpoint_auth_method", client.authMethod().wireName());
        }
        if (!client.metadata().isEmpty()) {
            ObjectNode metadata = json.putObject("client_metadata");
            client.metadata().forEach(metadata::put);
        }
        json.setAll((ObjectNode) JSON.readTree(client.extraJson()));
        return json;
    }
}
