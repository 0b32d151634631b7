package dev.jeton.client;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.EntityTag;
import dev.jeton.management.Escalation;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/v2/clients/{client_id}/credentials}. Who may make, change or take away one could be the client afterwards,
 * as by its secret.
 */
final class CredentialRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "CredentialRoutes";
    private static final List<String> READ = List.of("read:client_credentials");
    private static final String ALL = "/clients/{client_id}/credentials";
    private static final String ONE = ALL + "/{credential_id}";
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Database database;
    private final ClientStore clients;
    private final CredentialStore store;
    private final Escalation escalation;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final InstantSource clock;

    CredentialRoutes(
            Database database,
            ClientStore clients,
            CredentialStore store,
            Escalation escalation,
            RegistryWriter writer,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.clients = clients;
        this.store = store;
        this.escalation = escalation;
        this.writer = writer;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get(ALL, "Get client credentials", READ)
                        .answers(200, Schema.listOf(CredentialRequest.ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post(ALL, "Create a client credential", "create:client_credentials")
                        .takes(CredentialRequest.CREATE)
                        .answers(201, CredentialRequest.ANSWER),
                this::create);
        access.mount(
                router,
                OWNER,
                Operation.get(ONE, "Get a client credential", READ).answers(200, CredentialRequest.ANSWER),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch(ONE, "Update a client credential", List.of("update:client_credentials"))
                        .takes(CredentialRequest.UPDATE)
                        .answers(200, CredentialRequest.ANSWER),
                this::update);
        access.mount(
                router,
                OWNER,
                Operation.delete(ONE, "Delete a client credential", "delete:client_credentials"),
                this::delete);
    }

    /** All of them, whatever part a query asks for. */
    private Response list(Call call) {
        ArrayNode credentials = JSON.createArrayNode();
        database.readSnapshot(
                        handle -> store.list(handle, requireClient(handle, call).id()))
                .forEach(credential -> credentials.add(json(credential)));
        return writer.show(call, credentials);
    }

    private Response get(Call call) {
        Credential credential = database.readSnapshot(
                handle -> find(handle, call, requireClient(handle, call)).orElseThrow(CredentialRoutes::gone));
        return writer.show(call, json(credential), tag(credential));
    }

    private Response create(Call call) {
        Fields fields = Fields.of(call.request(), CredentialRequest.CREATE);
        return writer.write(call, "Create a client credential", Optional.of(fields), handle -> {
            Client client = requireClient(handle, call);
            ClientRoutes.tag(client).require(call.request());
            escalation.requireMayKnowSecretOf(call, client.id());
            Credential credential = CredentialRequest.read(fields, identifiers.credentialId(), client.id(), now());
            AttachedCredentials.requireNew(store.list(handle, client.id()), credential);
            store.insert(handle, credential);
            return Outcome.of(201, json(credential)).tagged(tag(credential));
        });
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request(), CredentialRequest.UPDATE);
        Optional<Instant> expiry = CredentialRequest.expiry(fields);
        return writer.write(call, "Update a client credential", Optional.of(fields), handle -> {
            Client client = requireClient(handle, call);
            Credential before = find(handle, call, client).orElseThrow(CredentialRoutes::gone);
            tag(before).require(call.request());
            escalation.requireMayKnowSecretOf(call, client.id());
            Credential credential = before.expiringAt(expiry, now());
            store.update(handle, credential);
            return Outcome.of(200, json(credential)).tagged(tag(credential)).from(json(before));
        });
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a client credential", Optional.empty(), handle -> {
            Optional<Client> client = findClient(handle, call);
            Optional<Credential> credential = client.flatMap(owner -> find(handle, call, owner));
            if (client.isEmpty() || credential.isEmpty()) {
                EntityTag.requireNone(call.request());
                return Outcome.noContent();
            }
            tag(credential.get()).require(call.request());
            escalation.requireMayKnowSecretOf(call, client.get().id());
            if (AttachedCredentials.of(client.get()).contains(credential.get().id())) {
                throw new ApiError(400, "The credential is still associated with a client", null).exception();
            }
            store.delete(handle, credential.get());
            return Outcome.noContent().from(json(credential.get()));
        });
    }

    private Optional<Client> findClient(Handle handle, Call call) {
        String id = call.request().pathParameter("client_id");
        return id.length() > ClientId.MAX_LENGTH ? Optional.empty() : clients.find(handle, new ClientId(id));
    }

    private Client requireClient(Handle handle, Call call) {
        return findClient(handle, call).orElseThrow(ClientRoutes::gone);
    }

    private Optional<Credential> find(Handle handle, Call call, Client client) {
        return store.find(handle, client.id(), call.request().pathParameter("credential_id"));
    }

    private static ApiError.ApiException gone() {
        return ApiError.notFound("The credential does not exist", "inexistent_credential");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static EntityTag tag(Credential credential) {
        return EntityTag.of(json(credential), credential.updatedAt());
    }

    private static ObjectNode json(Credential credential) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", credential.id());
        json.put("credential_type", credential.type().wireName());
        credential.kid().ifPresent(kid -> json.put("kid", kid));
        credential.alg().ifPresent(alg -> json.put("alg", alg));
        credential.name().ifPresent(name -> json.put("name", name));
        credential.subjectDn().ifPresent(subject -> json.put("subject_dn", subject));
        if (credential.type() == Credential.Type.X509_CERT) {
            credential.thumbprint().ifPresent(thumbprint -> json.put("thumbprint_sha256", thumbprint));
        }
        json.put("created_at", MILLIS.format(credential.createdAt()));
        json.put("updated_at", MILLIS.format(credential.updatedAt()));
        credential.expiresAt().ifPresent(expiry -> json.put("expires_at", MILLIS.format(expiry)));
        return json;
    }
}
