package dev.jeton.tenant;

import static dev.jeton.management.Schema.amount;
import static dev.jeton.management.Schema.anyObject;
import static dev.jeton.management.Schema.anything;
import static dev.jeton.management.Schema.flag;
import static dev.jeton.management.Schema.listOf;
import static dev.jeton.management.Schema.object;
import static dev.jeton.management.Schema.oneOf;
import static dev.jeton.management.Schema.text;
import static dev.jeton.management.Schema.whole;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.EntityTag;
import dev.jeton.management.FieldSelection;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.management.Schema.Members;
import dev.jeton.storage.Database;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/tenants/settings}: kept and given back; nothing in Jeton acts on them. */
public final class TenantSettingsRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "TenantSettingsRoutes";
    private static final String FLAGS = "flags";
    private static final String SANDBOX_VERSIONS = "sandbox_versions_available";
    private static final String IN_MINUTES = "_in_minutes";
    private static final Set<String> LIFETIMES = Set.of(
            "session_lifetime",
            "idle_session_lifetime",
            "ephemeral_session_lifetime",
            "idle_ephemeral_session_lifetime");
    /** What all changes together may come to: each record of a change repeats it. */
    private static final int MAX_SETTINGS = 200;

    private static final int MAX_LENGTH = 100_000;
    private static final int MOST_HOURS = 100 * 366 * 24;

    private static final Schema SETTINGS = anyObject().named("TenantSettings");

    private static final Schema QUOTA = object().require(
                    object().with(flag(), "enforce")
                            .with(whole(1, Integer.MAX_VALUE), "per_day", "per_hour")
                            .between(1, 3),
                    "client_credentials")
            .named("DefaultTokenQuota");

    /** Auth0 has more settings than are known here, and a tool sends back what it once read: others are kept as sent. */
    private static final Members UPDATE = object().with(
                    text(), "friendly_name", "support_email", "support_url", "picture_url", "default_directory")
            .with(text(0, 600), "default_audience")
            .with(text(0, 8), "sandbox_version")
            .with(object().others(flag()), FLAGS)
            .with(listOf(text(1, 20)).between(1, 200), "enabled_locales")
            .with(oneOf("audience", "compatibility"), "resource_parameter_profile")
            .with(
                    flag().orNull(),
                    "allow_organization_name_in_authentication_api",
                    "include_session_metadata_in_tenant_logs",
                    "skip_non_verifiable_callback_uri_confirmation_prompt")
            .with(object().with(flag(), "enable_endpoint_aliases").orNull(), "mtls")
            .with(anyObject().orNull(), "error_page", "change_password", "guardian_mfa_page")
            .with(object().with(QUOTA, "clients", "organizations").orNull(), "default_token_quota")
            .with(
                    amount(0, MOST_HOURS),
                    "session_lifetime",
                    "idle_session_lifetime",
                    "ephemeral_session_lifetime",
                    "idle_ephemeral_session_lifetime")
            .with(
                    whole(1, MOST_HOURS * 60L),
                    "session_lifetime_in_minutes",
                    "idle_session_lifetime_in_minutes",
                    "ephemeral_session_lifetime_in_minutes",
                    "idle_ephemeral_session_lifetime_in_minutes")
            .others(anything())
            .between(0, MAX_SETTINGS);

    private final Database database;
    private final TenantSettingsStore store = new TenantSettingsStore();
    private final RegistryWriter writer;
    private final String tenant;

    /** @param tenant its name, until somebody gives it another */
    public TenantSettingsRoutes(Database database, RegistryWriter writer, String tenant) {
        this.database = database;
        this.writer = writer;
        this.tenant = tenant;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/tenants/settings", "Get tenant settings", List.of("read:tenant_settings"))
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, SETTINGS),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch("/tenants/settings", "Update tenant settings", List.of("update:tenant_settings"))
                        .takes(UPDATE)
                        .answers(200, SETTINGS),
                this::update);
    }

    private Response get(Call call) {
        ObjectNode settings = withDefaults(database.read(store::read));
        EntityTag tag = EntityTag.of(settings);
        return writer.show(call, FieldSelection.of(call.request().query()).apply(settings), tag);
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request(), UPDATE);
        return writer.write(call, "Update tenant settings", Optional.of(fields), handle -> {
            ObjectNode changed = store.read(handle);
            ObjectNode before = withDefaults(changed);
            EntityTag.of(before).require(call.request());
            before.remove(SANDBOX_VERSIONS);
            fields.json().properties().forEach(member -> put(changed, member.getKey(), member.getValue()));
            requireRoom(fields, changed);
            store.write(handle, changed);
            ObjectNode settings = withDefaults(changed);
            EntityTag tag = EntityTag.of(settings);
            settings.remove(SANDBOX_VERSIONS);
            return Outcome.of(200, settings).tagged(tag).from(before);
        });
    }

    /** Flags are merged one by one, minutes become hours, null takes a setting back. */
    private static void put(ObjectNode changed, String name, JsonNode value) {
        if (value.isNull()) {
            changed.remove(name);
        } else if (name.equals(FLAGS)) {
            ObjectNode flags = changed.has(FLAGS) ? (ObjectNode) changed.get(FLAGS) : changed.putObject(FLAGS);
            flags.setAll((ObjectNode) value);
        } else if (name.endsWith(IN_MINUTES) && LIFETIMES.contains(withoutMinutes(name))) {
            changed.set(withoutMinutes(name), hours(value.longValue()));
        } else {
            changed.set(name, value);
        }
    }

    private static String withoutMinutes(String name) {
        return name.substring(0, name.length() - IN_MINUTES.length());
    }

    private static void requireRoom(Fields fields, ObjectNode changed) {
        for (Map.Entry<String, JsonNode> member : changed.properties()) {
            if (member.getValue().size() > MAX_SETTINGS) {
                throw fields.invalid(
                        "Too many properties defined (" + member.getValue().size() + "), maximum " + MAX_SETTINGS,
                        member.getKey());
            }
        }
        int length = changed.toString().length();
        if (changed.size() > MAX_SETTINGS || length > MAX_LENGTH) {
            throw ApiError.badRequest(
                    "Payload validation error: 'All settings together have " + changed.size() + " members and " + length
                            + " characters, maximum " + MAX_SETTINGS + " and " + MAX_LENGTH + "'.",
                    "invalid_body");
        }
    }

    private static JsonNode hours(long minutes) {
        return minutes % 60 == 0
                ? JSON.getNodeFactory().numberNode(minutes / 60)
                : JSON.getNodeFactory().numberNode(minutes / 60.0);
    }

    private ObjectNode withDefaults(ObjectNode changed) {
        ObjectNode settings = JSON.createObjectNode();
        settings.putObject("change_password").put("enabled", false);
        settings.putArray("enabled_locales").add("en");
        ObjectNode flags = settings.putObject(FLAGS)
                .put("allow_changing_enable_sso", false)
                .put("disable_impersonation", true)
                .put("enable_dynamic_client_registration", false)
                .put("enable_sso", true)
                .put("revoke_refresh_token_grant", false)
                .put("disable_clickjack_protection_headers", false);
        settings.put("friendly_name", tenant);
        settings.putObject("guardian_mfa_page").put("enabled", false);
        settings.put("idle_session_lifetime", 72);
        settings.put("session_lifetime", 168);
        settings.put("sandbox_version", "22");
        settings.putObject("oidc_logout").put("rp_logout_end_session_endpoint_discovery", true);
        settings.put("resource_parameter_profile", "audience");
        settings.put("phone_consolidated_experience", false);
        settings.put("client_id_metadata_document_supported", false);
        settings.setAll(changed);
        if (changed.has(FLAGS)) {
            settings.set(FLAGS, flags.setAll((ObjectNode) changed.get(FLAGS)));
        }
        settings.putArray(SANDBOX_VERSIONS).add("22").add("18");
        return settings;
    }
}
