package dev.jeton.client;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.Escalation;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.KeptFields;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/clients}. */
public final class ClientRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ClientRoutes";
    private static final String SECRET = "client_secret";
    private static final List<String> READ =
            List.of("read:clients", "read:client_keys", "read:client_credentials", "read:client_summary");
    private static final List<String> READ_KEYS = List.of("read:client_keys", "read:client_credentials");
    /** What {@code read:client_summary} alone shows. */
    private static final Set<String> SUMMARY = Set.of("client_id", "app_type", "name", "description");

    private static final List<String> DEFAULT_GRANT_TYPES =
            List.of("authorization_code", "implicit", "refresh_token", "client_credentials");
    private static final Set<String> APP_TYPES = Set.of(
            "native",
            "spa",
            "regular_web",
            "non_interactive",
            "resource_server",
            "express_configuration",
            "rms",
            "box",
            "cloudbees",
            "concur",
            "dropbox",
            "mscrm",
            "echosign",
            "egnyte",
            "newrelic",
            "office365",
            "salesforce",
            "sentry",
            "sharepoint",
            "slack",
            "springcm",
            "zendesk",
            "zoom",
            "sso_integration",
            "oag");
    private static final int MAX_NAME = 255;
    private static final int MAX_DESCRIPTION = 140;
    private static final int MAX_METADATA = 10;
    private static final int MAX_SECRET = 1024;
    /** Auth0's fields that are kept and given back. */
    private static final KeptFields KEPT = KeptFields.NONE
            .withFlags(
                    "is_token_endpoint_ip_header_trusted",
                    "is_first_party",
                    "oidc_conformant",
                    "sso",
                    "sso_disabled",
                    "cross_origin_authentication",
                    "custom_login_page_on",
                    "require_pushed_authorization_requests",
                    "skip_non_verifiable_callback_uri_confirmation_prompt")
            .withIntegers("par_request_expiry")
            .withTexts(
                    "logo_uri",
                    "cross_origin_loc",
                    "custom_login_page",
                    "custom_login_page_preview",
                    "form_template",
                    "initiate_login_uri")
            .withTextLists(
                    "callbacks",
                    "allowed_origins",
                    "web_origins",
                    "client_aliases",
                    "allowed_clients",
                    "allowed_logout_urls",
                    "organization_discovery_methods",
                    "async_approval_notification_channels")
            .withObjects(
                    "oidc_logout",
                    "oidc_backchannel_logout",
                    "session_transfer",
                    "jwt_configuration",
                    "encryption_key",
                    "addons",
                    "mobile",
                    "native_social_login",
                    "fedcm_login",
                    "refresh_token",
                    "default_organization",
                    "signed_request_object",
                    "token_exchange",
                    "express_configuration",
                    "my_organization_configuration")
            .withOneOf("organization_usage", "deny", "allow", "require")
            .withOneOf("organization_require_behavior", "no_prompt", "pre_login_prompt", "post_login_prompt")
            .withOneOf(
                    "compliance_level",
                    "none",
                    "fapi1_adv_pkj_par",
                    "fapi1_adv_mtls_par",
                    "fapi2_sp_pkj_mtls",
                    "fapi2_sp_mtls_mtls")
            .withOneOf("third_party_security_mode", "strict", "permissive")
            .withOneOf("redirection_policy", "allow_always", "open_redirect_protection");

    private final Database database;
    private final ClientStore store;
    private final ClientGrantStore grants;
    private final Escalation escalation;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final Issuer issuer;
    private final InstantSource clock;

    public ClientRoutes(
            Database database,
            ClientStore store,
            ClientGrantStore grants,
            Escalation escalation,
            RegistryWriter writer,
            Identifiers identifiers,
            Issuer issuer,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.grants = grants;
        this.escalation = escalation;
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
        requireMayName(call);
        JsonNode clients = database.read(handle -> Page.of(call.request())
                .list(
                        "clients",
                        (offset, limit) -> store.page(handle, offset, limit),
                        (after, limit) -> store.pageAfter(handle, after, limit),
                        () -> store.count(handle),
                        client -> client.id().value(),
                        client -> visible(call, handle, client)));
        return writer.show(call, clients);
    }

    private Response get(Call call) {
        FieldSelection selection = requireMayName(call);
        return writer.show(
                call, database.read(handle -> selection.apply(visible(call, handle, require(handle, call)))));
    }

    /** Which members were asked for; a secret by its name only if the caller's scopes show secrets. */
    private static FieldSelection requireMayName(Call call) {
        FieldSelection selection = FieldSelection.of(call.request().query());
        if (selection.names(SECRET) && READ_KEYS.stream().noneMatch(call::may)) {
            throw insufficientScope(String.join(",", READ_KEYS));
        }
        return selection;
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
                        appType(fields).orElse(null),
                        fields.strings("grant_types", 64, 256).orElse(DEFAULT_GRANT_TYPES),
                        authMethod(fields),
                        merged(Map.of(), fields),
                        JSON.writeValueAsString(fields.keepRest(KEPT, JSON.createObjectNode())),
                        now,
                        now));
        return writer.write(call, "Create a client", Optional.of(fields), handle -> {
            store.insert(handle, client, secret);
            return Outcome.of(201, json(client).put(SECRET, secret.reveal()));
        });
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request());
        Optional<ClientSecret> secret = secret(fields);
        if (secret.isPresent() && !call.may("update:client_keys")) {
            throw insufficientScope("update:client_keys");
        }
        return writer.write(call, "Update a client", Optional.of(fields), handle -> {
            Client before = require(handle, call);
            if (secret.isPresent()) {
                escalation.requireMayKnowSecretOf(call, before.id());
            }
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
                appType(fields).orElse(before.appType()),
                fields.strings("grant_types", 64, 256).orElse(before.grantTypes()),
                fields.has("token_endpoint_auth_method") ? authMethod(fields) : before.authMethod(),
                merged(before.metadata(), fields),
                JSON.writeValueAsString(fields.keepRest(KEPT, (ObjectNode) JSON.readTree(before.extraJson()))),
                before.createdAt(),
                now());
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a client", Optional.empty(), handle -> {
            find(handle, call).ifPresent(client -> {
                store.delete(handle, client.id());
                grants.announceDeletedWith(handle, client.id());
            });
            return Outcome.noContent();
        });
    }

    private Response rotateSecret(Call call) {
        ClientSecret secret = new ClientSecret(identifiers.clientSecret());
        return writer.write(call, "Rotate a client secret", Optional.empty(), handle -> {
            Client client = require(handle, call);
            escalation.requireMayKnowSecretOf(call, client.id());
            store.putSecret(handle, client.id(), secret, now());
            return Outcome.of(200, json(client).put(SECRET, secret.reveal()));
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

    private static Optional<String> appType(Fields fields) {
        return fields.oneOf("app_type", value -> Optional.of(value).filter(APP_TYPES::contains));
    }

    private static Optional<ClientSecret> secret(Fields fields) {
        return fields.string(SECRET, 1, MAX_SECRET).map(ClientSecret::new);
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

    private Optional<Client> find(Handle handle, Call call) {
        String id = call.request().pathParameter("id");
        return id.length() > ClientId.MAX_LENGTH ? Optional.empty() : store.find(handle, new ClientId(id));
    }

    private Client require(Handle handle, Call call) {
        return find(handle, call).orElseThrow(ClientRoutes::gone);
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
        if (READ_KEYS.stream().anyMatch(call::may) && escalation.mayKnowSecretOf(call, client.id())) {
            store.findSecret(handle, client.id()).ifPresent(secret -> json.put(SECRET, secret.reveal()));
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
