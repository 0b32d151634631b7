package dev.jeton.client;

import static dev.jeton.management.Schema.anyObject;
import static dev.jeton.management.Schema.anything;
import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;
import static dev.jeton.management.Schema.whole;

import dev.jeton.management.Schema;

/** What the bodies of requests about clients may hold. */
final class ClientSchema {
    /** Bounds of ours, where Auth0 says none. */
    private static final int MAX_NAME = 255;

    private static final int MAX_SECRET = 1024;
    private static final int MAX_GRANT_TYPES = 64;
    private static final int MAX_GRANT_TYPE = 256;

    private static final int MAX_METADATA_TEXT = 255;

    private static final Schema REFRESH_TOKEN = object().require(oneOf("rotating", "non-rotating"), "rotation_type")
            .require(oneOf("expiring", "non-expiring"), "expiration_type")
            .with(whole(0, Long.MAX_VALUE), "leeway")
            .with(whole(1, 157_788_000), "token_lifetime")
            .with(whole(1, Long.MAX_VALUE), "idle_token_lifetime")
            .with(flag(), "infinite_token_lifetime", "infinite_idle_token_lifetime")
            .with(
                    listOf(object().require(text(1, 600), "audience").require(listOf(text(1, 280)), "scope"))
                            .between(1, Schema.MAX_ITEMS)
                            .orNull(),
                    "policies")
            .named("RefreshTokenConfiguration");

    private static final Schema JWT_CONFIGURATION = anyObject()
            .with(whole(Long.MIN_VALUE, Long.MAX_VALUE), "lifetime_in_seconds")
            .with(flag(), "secret_encoded")
            .with(anyObject(), "scopes")
            .with(oneOf("HS256", "RS256", "RS512", "PS256"), "alg")
            .named("JwtConfiguration");

    private static final Schema TOKEN_QUOTA = object().require(
                    object().with(flag(), "enforce")
                            .with(whole(1, Integer.MAX_VALUE), "per_day", "per_hour")
                            .between(1, Schema.MAX_MEMBERS),
                    "client_credentials")
            .named("TokenQuota");

    private static final Schema.Members ANY_BUT_EMPTY = anyObject().between(1, Schema.MAX_MEMBERS);

    /** In the order of Auth0's documents. */
    private static final Schema.Members EITHER = object().require(
                    text(0, MAX_NAME).pattern("^[^<>]+$"), "name")
            .with(text(0, 140), "description")
            // What has the shape of a URL at Auth0 is kept as it is: Jeton redirects nobody.
            .with(text(), "logo_uri", "cross_origin_loc", "initiate_login_uri")
            .with(listOf(text()), "callbacks", "allowed_origins", "web_origins", "allowed_logout_urls")
            .with(listOf(text(1, Schema.MAX_TEXT)), "client_aliases", "allowed_clients")
            .with(anyObject(), "oidc_logout", "oidc_backchannel_logout", "addons", "mobile")
            .with(anyObject().orNull(), "session_transfer")
            .with(listOf(text(1, MAX_GRANT_TYPE)).between(0, MAX_GRANT_TYPES).unique(), "grant_types")
            .with(oneOf("none", "client_secret_post", "client_secret_basic"), "token_endpoint_auth_method")
            .with(
                    oneOf(
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
                                    "oag")
                            .named("ClientAppType"),
                    "app_type")
            .with(
                    flag(),
                    "is_token_endpoint_ip_header_trusted",
                    "is_first_party",
                    "oidc_conformant",
                    "sso",
                    "sso_disabled",
                    "cross_origin_authentication",
                    "custom_login_page_on",
                    "require_pushed_authorization_requests",
                    "require_proof_of_possession",
                    "skip_non_verifiable_callback_uri_confirmation_prompt")
            .with(JWT_CONFIGURATION, "jwt_configuration")
            .with(
                    anyObject()
                            .with(text(), "pub", "cert", "subject")
                            .named("EncryptionKey")
                            .orNull(),
                    "encryption_key")
            .with(text(1, Schema.MAX_TEXT), "custom_login_page", "custom_login_page_preview", "form_template")
            // How many there may be is asked when they are merged, and a null takes one away.
            .with(anyObject().others(text(0, MAX_METADATA_TEXT).orNull()), "client_metadata")
            .with(ANY_BUT_EMPTY, "native_social_login", "fedcm_login")
            .with(REFRESH_TOKEN.orNull(), "refresh_token")
            .with(
                    object().require(text(), "organization_id")
                            .require(listOf(oneOf("client_credentials")), "flows")
                            .named("DefaultOrganization")
                            .orNull(),
                    "default_organization")
            .with(oneOf("deny", "allow", "require"), "organization_usage")
            .with(oneOf("no_prompt", "pre_login_prompt", "post_login_prompt"), "organization_require_behavior")
            .with(
                    listOf(oneOf("email", "organization_name")).between(1, Schema.MAX_ITEMS),
                    "organization_discovery_methods")
            .with(
                    oneOf("none", "fapi1_adv_pkj_par", "fapi1_adv_mtls_par", "fapi2_sp_pkj_mtls", "fapi2_sp_mtls_mtls")
                            .named("ComplianceLevel")
                            .orNull(),
                    "compliance_level")
            .with(
                    object().with(
                                    listOf(oneOf("custom_authentication", "on_behalf_of_token_exchange")),
                                    "allow_any_profile_of_type"),
                    "token_exchange")
            .with(whole(10, 600).orNull(), "par_request_expiry")
            .with(TOKEN_QUOTA, "token_quota")
            .with(oneOf("strict", "permissive"), "third_party_security_mode")
            .with(oneOf("allow_always", "open_redirect_protection"), "redirection_policy")
            .with(anyObject(), "express_configuration", "my_organization_configuration")
            .with(
                    listOf(oneOf("guardian-push", "email")).between(1, Schema.MAX_ITEMS),
                    "async_approval_notification_channels")
            .with(text(1, MAX_SECRET), "client_secret")
            // Auth0 takes it, and no document says what it holds.
            .with(anything(), "identity_assertion_authorization_grant");

    static final Schema CREATE = CredentialRequest.creating(EITHER).with(text(1, 600), "resource_server_identifier");

    static final Schema.Members UPDATE = CredentialRequest.changing(EITHER.optional())
            .nullable(
                    "token_endpoint_auth_method",
                    "token_quota",
                    "organization_usage",
                    "organization_require_behavior",
                    "organization_discovery_methods",
                    "cross_origin_loc",
                    "native_social_login",
                    "fedcm_login",
                    "skip_non_verifiable_callback_uri_confirmation_prompt",
                    "token_exchange",
                    "express_configuration",
                    "my_organization_configuration",
                    "async_approval_notification_channels");

    /** A client in an answer; what its fields hold then is what was taken, and scopes and selections leave members out. */
    static final Schema ANSWER = CredentialRequest.changing(EITHER.optional())
            .require(text(), "client_id")
            .with(text(), "tenant", "resource_server_identifier")
            .with(flag(), "global", "cross_origin_auth", "callback_url_template", "encrypted")
            .with(listOf(object().require(text(), "cert", "pkcs7", "subject")), "signing_keys")
            .with(listOf(text()), "owners")
            .named("Client");

    private ClientSchema() {}
}
