package dev.jeton.resourceserver;

import static dev.jeton.management.Schema.anyObject;
import static dev.jeton.management.Schema.anything;
import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;
import static dev.jeton.management.Schema.whole;

import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Members;
import dev.jeton.management.Schema.Text;
import dev.jeton.management.Schema.Whole;
import dev.jeton.oauth.Audience;
import java.util.Arrays;

/** What the fields of a resource server may be. */
final class ResourceServerSchema {
    private static final Text KEY_NAME = text(1, 128);

    private static final Members USER_POLICY =
            anyObject().with(oneOf("allow_all", "deny_all", "require_client_grant"), "policy");
    private static final Members CLIENT_POLICY = anyObject().with(oneOf("deny_all", "require_client_grant"), "policy");
    private static final Members SUBJECT_TYPE_AUTHORIZATION =
            object().with(USER_POLICY, "user").with(CLIENT_POLICY, "client");

    private static final Whole LIFETIME = whole(1, ResourceServer.MAX_TOKEN_LIFETIME.toSeconds());
    private static final Whole WEB_LIFETIME = whole(0, ResourceServer.MAX_TOKEN_LIFETIME.toSeconds());
    private static final Schema SIGNING_ALGORITHM = oneOf(Arrays.stream(SigningAlgorithm.values())
                    .map(SigningAlgorithm::wireName)
                    .toArray(String[]::new))
            .named("SigningAlgorithm");

    private static final Schema PROOF_OF_POSSESSION = object().require(oneOf("mtls", "dpop"), "mechanism")
            .require(flag(), "required")
            .with(oneOf("public_clients", "all_clients"), "required_for")
            .named("ProofOfPossession");

    private static final Schema AUTHORIZATION_POLICY =
            object().require(text(1, 1_024), "policy_id").named("AuthorizationPolicy");

    private static final Members ENCRYPTION_KEY = object().require(
                    oneOf("RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"), "alg")
            .require(text(1, 4_096), "pem")
            .with(KEY_NAME, "name", "kid");

    private static final Members TOKEN_ENCRYPTION =
            object().require(oneOf("compact-nested-jwe"), "format").require(ENCRYPTION_KEY, "encryption_key");

    /** A change: the identifier never does. */
    static final Members UPDATE = object().with(text(0, 200).pattern("^[^<>]+$"), "name")
            .with(
                    listOf(object().require(text(1, 280), "value")
                                    .with(text(0, 500), "description")
                                    .named("ResourceServerScope"))
                            .between(0, 1_000),
                    "scopes")
            .with(SIGNING_ALGORITHM, "signing_alg")
            .with(text(SigningSecret.MIN_LENGTH, 1_024), "signing_secret")
            .with(
                    flag(),
                    "allow_offline_access",
                    "allow_online_access",
                    "allow_online_access_with_ephemeral_sessions",
                    "skip_consent_for_verifiable_first_party_clients",
                    "enforce_policies")
            .with(LIFETIME, "token_lifetime")
            .with(WEB_LIFETIME, "token_lifetime_for_web")
            .with(
                    oneOf(Arrays.stream(TokenDialect.values())
                            .map(TokenDialect::wireName)
                            .toArray(String[]::new)),
                    "token_dialect")
            .with(TOKEN_ENCRYPTION.named("TokenEncryptionRequest").orNull(), "token_encryption")
            .with(oneOf("transactional-authorization-with-mfa").orNull(), "consent_policy")
            .with(listOf(anything()).orNull(), "authorization_details")
            .with(PROOF_OF_POSSESSION.orNull(), "proof_of_possession")
            .with(SUBJECT_TYPE_AUTHORIZATION.named("SubjectTypeAuthorizationRequest"), "subject_type_authorization")
            .with(AUTHORIZATION_POLICY.orNull(), "authorization_policy")
            // Newer than any description of it.
            .with(anything(), "verification_location");

    static final Members CREATE = UPDATE.require(text(1, Audience.MAX_LENGTH), "identifier");

    /** What may be changed of the system API. */
    static final Members UPDATE_SYSTEM = object().with(LIFETIME, "token_lifetime")
            .with(flag(), "skip_consent_for_verifiable_first_party_clients")
            .with(SUBJECT_TYPE_AUTHORIZATION.named("SubjectTypeAuthorizationRequest"), "subject_type_authorization")
            .with(PROOF_OF_POSSESSION.orNull(), "proof_of_possession")
            .with(AUTHORIZATION_POLICY.orNull(), "authorization_policy");

    static final Schema ANSWER = UPDATE.require(text(), "id", "identifier")
            .require(flag(), "allow_offline_access", "skip_consent_for_verifiable_first_party_clients")
            .require(
                    SUBJECT_TYPE_AUTHORIZATION
                            .require(USER_POLICY, "user")
                            .require(CLIENT_POLICY, "client")
                            .named("SubjectTypeAuthorization"),
                    "subject_type_authorization")
            .require(LIFETIME, "token_lifetime")
            .require(WEB_LIFETIME, "token_lifetime_for_web")
            .require(SIGNING_ALGORITHM, "signing_alg")
            .with(
                    TOKEN_ENCRYPTION
                            .require(
                                    ENCRYPTION_KEY.without("pem").require(text(), "thumbprint_sha256"),
                                    "encryption_key")
                            .named("TokenEncryption"),
                    "token_encryption")
            .with(flag(), "is_system")
            .named("ResourceServer");

    private ResourceServerSchema() {}
}
