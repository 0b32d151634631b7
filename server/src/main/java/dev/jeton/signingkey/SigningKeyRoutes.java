package dev.jeton.signingkey;

import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.signingkey.SigningKey.State;
import dev.jeton.storage.Database;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/keys/signing}. */
public final class SigningKeyRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "SigningKeyRoutes";
    private static final List<String> READ = List.of("read:signing_keys");
    private static final String UPDATE = "update:signing_keys";
    private static final String CREATE = "create:signing_keys";
    private static final int MOST_REVOKED = 3;
    private static final Comparator<SigningKey> LAST_REVOKED_FIRST = Comparator.comparing(
                    (SigningKey key) -> Objects.requireNonNullElse(key.revokedAt(), Instant.MIN))
            .thenComparing(SigningKey::kid)
            .reversed();
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Schema.Text ALGORITHM =
            Schema.oneOf(Arrays.stream(KeyType.values()).map(KeyType::algorithm).toArray(String[]::new));

    private static final Schema KEY = Schema.object()
            .require(Schema.text(), "kid", "cert", "pkcs7", "fingerprint", "thumbprint")
            .require(ALGORITHM, "alg")
            .require(Schema.flag(), "current", "next", "previous", "revoked")
            .with(Schema.text(), "current_since", "current_until", "revoked_at")
            .named("SigningKey");

    private final Database database;
    private final KeyRotation rotation;
    private final RegistryWriter writer;

    public SigningKeyRoutes(Database database, KeyRotation rotation, RegistryWriter writer) {
        this.database = database;
        this.rotation = rotation;
        this.writer = writer;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/keys/signing", "Get signing keys", READ).answers(200, Schema.listOf(KEY)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.get("/keys/signing/{kid}", "Get a signing key", READ).answers(200, KEY),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.post("/keys/signing/rotate", "Rotate the signing key", UPDATE)
                        .query(
                                "alg",
                                ALGORITHM.hint("there are RS256, ES256 and EdDSA"),
                                "Which key: that of this algorithm; RS256 unless given.")
                        .query("force", Schema.flag(), "Even if caches may not have the next key yet.")
                        .answers(201, KEY),
                this::rotate);
        access.mount(
                router,
                OWNER,
                Operation.put("/keys/signing/{kid}/revoke", "Revoke a signing key", UPDATE)
                        .answers(200, KEY),
                this::revoke);
    }

    /** Of the revoked keys only the last few: there is one more with each rotation. */
    private Response list(Call call) {
        List<SigningKey> all = database.read(rotation::list);
        Set<String> old = all.stream()
                .filter(key -> key.state() == State.REVOKED)
                .sorted(LAST_REVOKED_FIRST)
                .skip(MOST_REVOKED)
                .map(SigningKey::kid)
                .collect(Collectors.toSet());
        ArrayNode keys = JSON.createArrayNode();
        all.stream().filter(key -> !old.contains(key.kid())).forEach(key -> keys.add(json(key)));
        return answer(JSON.writeValueAsBytes(keys));
    }

    private Response get(Call call) {
        String kid = call.request().pathParameter("kid");
        return answer(JSON.writeValueAsBytes(json(database.read(handle -> require(handle, kid)))));
    }

    private SigningKey require(Handle handle, String kid) {
        return rotation.list(handle).stream()
                .filter(key -> key.kid().equals(kid))
                .findFirst()
                .orElseThrow(SigningKeyRoutes::gone);
    }

    private static Response answer(byte[] json) {
        return Response.json(200, json).with("Cache-Control", "no-store");
    }

    /** Needs both scopes, unlike any other route. {@code alg} and {@code force} are ours. */
    private Response rotate(Call call) {
        if (!call.may(CREATE)) {
            throw new ApiError(403, "Insufficient scope, expected any of: " + CREATE, "insufficient_scope").exception();
        }
        Form query = call.request().query();
        KeyType type = query.first("alg")
                .map(text -> KeyType.find(text).orElseThrow(() -> Page.invalid("No enum match for: " + text, "alg")))
                .orElse(KeyType.RSA);
        boolean force = query.first("force").filter("true"::equals).isPresent();
        return writer.write(call, "Rotate the signing key", Optional.empty(), handle -> {
            List<SigningKey> before = rotation.list(handle);
            try {
                SigningKey successor = rotation.rotate(handle, type, force);
                return Outcome.of(201, json(successor)).with(KeyEffects.between(before, rotation.list(handle)));
            } catch (KeyRotation.TooEarlyException e) {
                throw ApiError.conflict(e.getMessage() + " with force=true", "signing_key_rotation_too_early");
            }
        });
    }

    private Response revoke(Call call) {
        String kid = call.request().pathParameter("kid");
        return writer.write(call, "Revoke a signing key", Optional.empty(), handle -> {
            SigningKey before = require(handle, kid);
            try {
                return Outcome.of(200, json(rotation.revoke(handle, kid).orElseThrow(SigningKeyRoutes::gone)))
                        .from(json(before));
            } catch (KeyRotation.NotPreviousException e) {
                throw ApiError.badRequest(String.valueOf(e.getMessage()), "signing_key_not_previous");
            }
        });
    }

    private static ApiError.ApiException gone() {
        return ApiError.notFound("The signing key does not exist", "inexistent_signing_key");
    }

    private static ObjectNode json(SigningKey key) {
        String thumbprint = HexFormat.of().withUpperCase().formatHex(KeyRing.sha1(key));
        ObjectNode json = JSON.createObjectNode();
        json.put("kid", key.kid());
        json.put("alg", key.type().algorithm());
        json.put("cert", JwksEndpoint.pem(key));
        json.put("pkcs7", pkcs7(key));
        json.put("current", key.state() == State.CURRENT);
        json.put("next", key.state() == State.NEXT);
        json.put("previous", key.state() == State.PREVIOUS);
        putInstant(json, "current_since", key.currentSince());
        putInstant(json, "current_until", key.currentUntil());
        json.put("fingerprint", thumbprint.replaceAll("(..)(?!$)", "$1:"));
        json.put("thumbprint", thumbprint);
        json.put("revoked", key.state() == State.REVOKED);
        putInstant(json, "revoked_at", key.revokedAt());
        return json;
    }

    private static void putInstant(ObjectNode json, String name, @Nullable Instant instant) {
        if (instant != null) {
            json.put(name, MILLIS.format(instant));
        }
    }

    /** The certificate alone in a PKCS#7 container, RFC 5652 §5.1. */
    private static String pkcs7(SigningKey key) {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addCertificates(new JcaCertStore(List.of(key.certificate())));
            byte[] der =
                    generator.generate(new CMSProcessableByteArray(new byte[0])).getEncoded();
            StringWriter text = new StringWriter();
            try (PemWriter pem = new PemWriter(text)) {
                pem.writeObject(new PemObject("PKCS7", der));
            }
            return text.toString().strip().replaceAll("\r?\n", "\r\n");
        } catch (GeneralSecurityException | CMSException e) {
            throw new IllegalStateException("a certificate cannot be encoded", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
