package dev.jeton.client;

import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;

import dev.jeton.management.Fields;
import dev.jeton.management.Schema;
import dev.jeton.oauth.ClientId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A credential as a body describes it. */
final class CredentialRequest {
    private static final int MAX_NAME = 128;
    private static final int MAX_SUBJECT = 256;
    private static final int MAX_CERTIFICATE = 4096;
    private static final int MAX_ATTACHED = 2;

    /** RFC 3339 §5.6; what {@link OffsetDateTime} reads beyond it has years that no database keeps. */
    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private static final Schema.Members OF_A_KEY = object().with(text(0, MAX_NAME), "name")
            .with(oneOf("RS256", "RS384", "PS256"), "alg")
            .with(flag(), "parse_expiry_from_cert")
            .with(text(), "expires_at")
            .with(text(10, 64).pattern("^([0-9a-zA-Z-_]{10,64})$"), "kid");

    static final Schema CREATE = OF_A_KEY.require(
                    oneOf("public_key", "cert_subject_dn", "x509_cert"), "credential_type")
            .with(text(1, MAX_SUBJECT), "subject_dn")
            .with(text(), "pem");

    static final Schema UPDATE = object().with(text().orNull(), "expires_at").between(1, Schema.MAX_MEMBERS);

    /** A credential in an answer: without its pem. */
    static final Schema ANSWER = object().require(text(), "id", "created_at", "updated_at")
            .require(oneOf("public_key", "cert_subject_dn", "x509_cert"), "credential_type")
            .with(text(), "name", "kid", "alg", "subject_dn", "thumbprint_sha256", "expires_at")
            .named("ClientCredential");

    /** Full credentials of one kind, as they are sent when a client is created. */
    private static final Schema KEYS = attached(OF_A_KEY.require(oneOf("public_key"), "credential_type")
            .require(text(), "pem")
            .named("PublicKeyRequest"));

    private static final Schema NAMES = attached(object().require(oneOf("cert_subject_dn"), "credential_type")
            .with(text(0, MAX_NAME), "name")
            .with(text(1, MAX_SUBJECT), "subject_dn")
            .with(text(1, MAX_CERTIFICATE), "pem"));

    private static final Schema CERTIFICATES = attached(object().require(oneOf("x509_cert"), "credential_type")
            .with(text(0, MAX_NAME), "name")
            .require(text(1, MAX_CERTIFICATE), "pem"));

    /** Credentials that there are already, as they are sent when a client is changed. */
    private static final Schema IDS =
            attached(object().require(text(1, MAX_NAME), "id").named("CredentialId"));

    private CredentialRequest() {}

    private static Schema attached(Schema item) {
        return listOf(item).between(0, MAX_ATTACHED);
    }

    /** That of clients, with the fields that hold full credentials. */
    static Schema.Members creating(Schema.Members client) {
        return with(client, "Request", KEYS, NAMES, CERTIFICATES);
    }

    /** That of clients, with the fields that hold ids of credentials. */
    static Schema.Members changing(Schema.Members client) {
        return with(client, "", IDS, IDS, IDS)
                .nullable("client_authentication_methods", "signed_request_object", "token_vault_privileged_access");
    }

    /** @param suffix of the names of the fields' types */
    private static Schema.Members with(
            Schema.Members client, String suffix, Schema keys, Schema names, Schema certificates) {
        return client.with(
                        object().with(object().require(keys, "credentials"), "private_key_jwt")
                                .with(object().require(names, "credentials"), "tls_client_auth")
                                .with(object().require(certificates, "credentials"), "self_signed_tls_client_auth")
                                .between(1, 1)
                                .named("ClientAuthenticationMethods" + suffix),
                        "client_authentication_methods")
                .with(
                        object().with(flag(), "required")
                                .with(keys, "credentials")
                                .named("SignedRequestObject" + suffix),
                        "signed_request_object")
                .with(
                        object().require(keys, "credentials")
                                .with(listOf(text()), "ip_allowlist")
                                .named("TokenVaultPrivilegedAccess" + suffix),
                        "token_vault_privileged_access");
    }

    /** The credential that an object of that schema describes. */
    static Credential read(Fields fields, String id, ClientId client, Instant now) {
        Credential.Type type = Credential.Type.of(
                fields.string("credential_type", 0, Integer.MAX_VALUE).orElseThrow());
        Optional<String> name = fields.string("name", 0, MAX_NAME);
        Optional<String> text = fields.string("pem", 0, Integer.MAX_VALUE);
        return switch (type) {
            case PUBLIC_KEY -> {
                PublicPem pem = parsed(fields, text, PublicPem::parse);
                String thumbprint = parsed(fields, text, _ -> pem.keyThumbprint());
                Optional<Instant> expiry = expiry(fields)
                        .or(() -> fields.flag("parse_expiry_from_cert").orElse(false)
                                ? Optional.of(parsed(fields, text, _ -> pem.expiry()))
                                : Optional.empty());
                yield new Credential(
                        id,
                        client,
                        type,
                        name,
                        fields.string("kid", 0, Integer.MAX_VALUE).or(() -> Optional.of(thumbprint)),
                        fields.string("alg", 0, Integer.MAX_VALUE).or(() -> Optional.of("RS256")),
                        Optional.empty(),
                        Optional.of(thumbprint),
                        text,
                        expiry,
                        now,
                        now);
            }
            case CERT_SUBJECT_DN -> {
                String subject = fields.string("subject_dn", 0, MAX_SUBJECT)
                        .orElseGet(() -> parsed(
                                fields, text, sent -> PublicPem.parse(sent).subject()));
                text.ifPresent(sent -> parsed(fields, text, PublicPem::parse));
                yield new Credential(
                        id,
                        client,
                        type,
                        name,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(subject),
                        Optional.empty(),
                        text,
                        expiry(fields),
                        now,
                        now);
            }
            case X509_CERT -> {
                PublicPem pem = parsed(fields, text, PublicPem::parse);
                String thumbprint = parsed(fields, text, _ -> pem.certificateThumbprint());
                yield new Credential(
                        id,
                        client,
                        type,
                        name,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(thumbprint),
                        text,
                        Optional.of(pem.expiry()),
                        now,
                        now);
            }
        };
    }

    private static <T> T parsed(Fields fields, Optional<String> pem, Function<String, T> reader) {
        try {
            return reader.apply(pem.orElseThrow(() -> fields.missing("pem")));
        } catch (IllegalArgumentException e) {
            throw fields.invalid(String.valueOf(e.getMessage()), "pem");
        }
    }

    /** When it expires, if that was sent and is not null. */
    static Optional<Instant> expiry(Fields fields) {
        return fields.nullableString("expires_at", 0, Integer.MAX_VALUE).map(text -> {
            try {
                if (DATE_TIME.matcher(text).matches()) {
                    return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
                }
            } catch (DateTimeException _) {
                // As of the 31st of February: said below.
            }
            throw fields.invalid("Object didn't pass validation for format date-time: " + text, "expires_at");
        });
    }
}
