package dev.jeton.resourceserver;

import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.KeptFields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer.Scope;
import dev.jeton.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/resource-servers}: each is found by its id or by its identifier, percent-encoded. */
public final class ResourceServerRoutes {
    /** What else an API's signing algorithm and deletion touch, in the same transaction. */
    public interface Consequences {
        /** Makes the key that signs that algorithm, if there is none. */
        void signsWith(Handle handle, SigningAlgorithm algorithm);

        /** Tells the views that the grants for this resource server go with it. */
        void isDeleted(Handle handle, String resourceServerId);
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "ResourceServerRoutes";
    private static final String SECRET = "signing_secret";
    private static final List<String> READ = List.of("read:resource_servers");
    private static final int MAX_NAME = 200;
    private static final int MAX_SCOPES = 1_000;
    private static final int MAX_SCOPE = 280;
    private static final int MAX_DESCRIPTION = 500;
    private static final int MAX_SIGNING_SECRET = 1_024;
    /** Auth0's fields that are kept and given back. */
    private static final KeptFields KEPT = KeptFields.NONE
            .withFlags(
                    "allow_offline_access",
                    "allow_online_access",
                    "allow_online_access_with_ephemeral_sessions",
                    "skip_consent_for_verifiable_first_party_clients",
                    "enforce_policies")
            .withIntegers("token_lifetime_for_web")
            .withOneOf("consent_policy", "transactional-authorization-with-mfa")
            .withObjectLists("authorization_details")
            .withObjects("subject_type_authorization", "authorization_policy");
    /** What may be changed of the system API. */
    private static final Set<String> SYSTEM_FIELDS =
            Set.of("token_lifetime", "skip_consent_for_verifiable_first_party_clients", "subject_type_authorization");

    private final Database database;
    private final ResourceServerStore store;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final Consequences consequences;
    private final InstantSource clock;

    public ResourceServerRoutes(
            Database database,
            ResourceServerStore store,
            RegistryWriter writer,
            Identifiers identifiers,
            Consequences consequences,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.writer = writer;
        this.identifiers = identifiers;
        this.consequences = consequences;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(router, OWNER, "GET", "/resource-servers", READ, this::list);
        access.mount(router, OWNER, "POST", "/resource-servers", List.of("create:resource_servers"), this::create);
        access.mount(router, OWNER, "GET", "/resource-servers/{id}", READ, this::get);
        access.mount(
                router, OWNER, "PATCH", "/resource-servers/{id}", List.of("update:resource_servers"), this::update);
        access.mount(
                router, OWNER, "DELETE", "/resource-servers/{id}", List.of("delete:resource_servers"), this::delete);
    }

    private Response list(Call call) {
        return writer.show(
                call,
                database.read(handle -> Page.of(call.request())
                        .list(
                                "resource_servers",
                                (offset, limit) -> store.page(handle, offset, limit),
                                (after, limit) -> store.pageAfter(handle, after, limit),
                                () -> store.count(handle),
                                ResourceServer::id,
                                ResourceServerRoutes::json)));
    }

    private Response get(Call call) {
        ResourceServer server = database.read(handle -> require(handle, call));
        return writer.show(call, FieldSelection.of(call.request().query()).apply(json(server)));
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request());
        Instant now = now();
        SigningAlgorithm algorithm =
                fields.oneOf("signing_alg", SigningAlgorithm::find).orElse(SigningAlgorithm.RS256);
        ResourceServer server = new ResourceServer(
                identifiers.resourceServerId(now),
                new Audience(fields.requireString("identifier", 1, Audience.MAX_LENGTH)),
                fields.name("name", MAX_NAME).orElse(null),
                scopes(fields).orElse(null),
                algorithm,
                signingSecret(fields, algorithm, Optional.empty()),
                lifetime(fields).orElse(ResourceServer.DEFAULT_TOKEN_LIFETIME),
                fields.oneOf("token_dialect", TokenDialect::find).orElse(null),
                false,
                JSON.writeValueAsString(fields.keepRest(KEPT, JSON.createObjectNode())),
                now,
                now);
        return writer.write(call, "Create a resource server", Optional.of(fields), handle -> {
            if (store.find(handle, server.audience()).isPresent()) {
                throw ApiError.conflict(
                        "A resource server with the same identifier already exists", "resource_server_conflict");
            }
            store.insert(handle, server);
            consequences.signsWith(handle, server.signingAlgorithm());
            return Outcome.of(201, json(server));
        });
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request());
        return writer.write(call, "Update a resource server", Optional.of(fields), handle -> {
            ResourceServer before = require(handle, call);
            if (before.isSystem()) {
                refuseOfSystem(fields);
            }
            ResourceServer server = changed(before, fields);
            store.update(handle, server);
            consequences.signsWith(handle, server.signingAlgorithm());
            return Outcome.of(200, json(server));
        });
    }

    private ResourceServer changed(ResourceServer before, Fields fields) {
        SigningAlgorithm algorithm =
                fields.oneOf("signing_alg", SigningAlgorithm::find).orElse(before.signingAlgorithm());
        Optional<List<Scope>> scopes = scopes(fields);
        return new ResourceServer(
                before.id(),
                before.audience(),
                fields.name("name", MAX_NAME).orElse(before.name()),
                scopes.orElse(before.scopes()),
                algorithm,
                signingSecret(fields, algorithm, before.signingSecret()),
                lifetime(fields).orElse(before.tokenLifetime()),
                fields.oneOf("token_dialect", TokenDialect::find).orElse(before.tokenDialect()),
                before.isSystem(),
                JSON.writeValueAsString(fields.keepRest(KEPT, (ObjectNode) JSON.readTree(before.extraJson()))),
                before.createdAt(),
                now());
    }

    private static void refuseOfSystem(Fields fields) {
        List<String> refused = fields.json().propertyNames().stream()
                .filter(name -> !SYSTEM_FIELDS.contains(name))
                .toList();
        if (!refused.isEmpty()) {
            throw ApiError.badRequest(
                    "Payload validation error: 'Additional properties not allowed: " + String.join(",", refused)
                            + "'. The system API takes only "
                            + String.join(", ", SYSTEM_FIELDS.stream().sorted().toList())
                            + ".",
                    "invalid_body");
        }
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a resource server", Optional.empty(), handle -> {
            find(handle, call).ifPresent(server -> {
                if (server.isSystem()) {
                    throw ApiError.badRequest("The system API cannot be deleted", "operation_not_supported");
                }
                consequences.isDeleted(handle, server.id());
                store.delete(handle, server.id());
            });
            return Outcome.noContent();
        });
    }

    private Optional<List<Scope>> scopes(Fields fields) {
        return fields.objects("scopes", MAX_SCOPES).map(items -> {
            List<Scope> scopes = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (Fields item : items) {
                String value = item.requireString("value", 1, MAX_SCOPE);
                if (!ScopeSet.isValue(value)) {
                    throw item.invalid("A scope has no spaces, quotes or backslashes: " + value, "value");
                }
                if (!seen.add(value)) {
                    throw item.invalid("Array items are not unique: " + value, "value");
                }
                scopes.add(new Scope(
                        value, item.string("description", 0, MAX_DESCRIPTION).orElse(null)));
                item.refuseRest();
            }
            return scopes;
        });
    }

    private Optional<SigningSecret> signingSecret(
            Fields fields, SigningAlgorithm algorithm, Optional<SigningSecret> before) {
        Optional<SigningSecret> sent = fields.string(SECRET, SigningSecret.MIN_LENGTH, MAX_SIGNING_SECRET)
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
        return identifier.isEmpty() || identifier.length() > Audience.MAX_LENGTH || identifier.indexOf('\0') >= 0
                ? Optional.empty()
                : store.find(handle, new Audience(identifier));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static ObjectNode json(ResourceServer server) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", server.id());
        if (server.name() != null) {
            json.put("name", server.name());
        }
        json.put("identifier", server.audience().value());
        putScopes(json, server.scopes());
        json.put("signing_alg", server.signingAlgorithm().wireName());
        if (server.signingAlgorithm() == SigningAlgorithm.HS256) {
            server.signingSecret().ifPresent(secret -> json.put(SECRET, secret.reveal()));
        }
        json.put("token_lifetime", server.tokenLifetime().toSeconds());
        if (server.tokenDialect() != null) {
            json.put("token_dialect", server.tokenDialect().wireName());
        }
        json.put("allow_offline_access", false);
        json.put("skip_consent_for_verifiable_first_party_clients", false);
        json.setAll((ObjectNode) JSON.readTree(server.extraJson()));
        if (server.isSystem()) {
            json.put("is_system", true);
        }
        return json;
    }

    private static void putScopes(ObjectNode json, @Nullable List<Scope> scopes) {
        if (scopes == null) {
            return;
        }
        ArrayNode array = json.putArray("scopes");
        for (Scope scope : scopes) {
            ObjectNode item = array.addObject();
            if (scope.description() != null) {
                item.put("description", scope.description());
            }
            item.put("value", scope.value());
        }
    }
}
