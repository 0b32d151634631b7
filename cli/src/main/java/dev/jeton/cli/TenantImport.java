package dev.jeton.cli;

import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toSet;

import dev.jeton.cli.ImportReport.Result;
import dev.jeton.cli.TenantExport.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts an export into a server: what is not there is created, what differs is updated, nothing is deleted. What was
 * switched off here stays off. Each thing stands for itself, so that one that is refused keeps no other out, and a second
 * run finds what the first one made. An application never gets what another one of the export has, even of the same name.
 */
final class TenantImport {
    /** What the import may do beyond creating and updating. */
    record Options(boolean keepIds, boolean managementGrants, boolean enable) {}

    private static final String MANAGEMENT_API = "Auth0 Management API";
    /** Members of a client that the server makes, or that name other things of the old tenant. */
    private static final Set<String> CLIENT_READ_ONLY = Set.of(
            "client_id",
            "client_secret",
            "tenant",
            "global",
            "owners",
            "encrypted",
            "signing_keys",
            "callback_url_template",
            "cross_origin_auth",
            "client_authentication_methods",
            "signed_request_object",
            "external_client_id",
            "external_metadata_type",
            "external_metadata_created_by",
            "jwks_uri");

    private static final Set<String> API_READ_ONLY = Set.of("id", "is_system", "client_id", "signing_secret");

    private final ImportTarget target;
    private final ManagementApi api;
    private final ImportReport report;
    private final String managementAudience;
    private final TenantExport export;
    private final ImportSecrets secrets;
    private final Options options;
    /** How many clients of the export have a name. */
    private final Map<String, Integer> namesakes = new HashMap<>();
    /** The ids that clients of the export had. */
    private final Set<String> oldIds = new HashSet<>();
    /** The client here that stands for one of the export, by the id, and by the name if no other has it; empty: none does. */
    private final Map<String, Optional<String>> clients = new HashMap<>();

    TenantImport(
            ImportTarget target,
            String managementAudience,
            TenantExport export,
            ImportSecrets secrets,
            Options options) {
        this.target = target;
        this.api = target.api();
        this.report = target.report();
        this.managementAudience = managementAudience;
        this.export = export;
        this.secrets = secrets;
        this.options = options;
        for (ObjectNode client : export.all(Kind.CLIENT)) {
            namesakes.merge(Json.text(client, "name"), 1, Integer::sum);
            oldIds.add(Json.text(client, "client_id"));
        }
    }

    void run() {
        importApis();
        importClients();
        importGrants();
        new ExtensionImport(target, export, secrets, options.enable()).run();
        importSettings();
        importLogStreams();
        export.others()
                .forEach((name, count) -> report.add(name, "", Result.SKIPPED, count + " of them; Jeton has none"));
    }

    private void importApis() {
        List<JsonNode> there = api.list("list the APIs", ApiPath.of("resource-servers"), "resource_servers");
        for (ObjectNode exported : export.all(Kind.API)) {
            String identifier = Json.text(exported, "identifier");
            String name = identifier.isEmpty() ? Json.text(exported, "name") : identifier;
            target.each("API", name, () -> {
                if (isManagementApi(exported)) {
                    report.add("API", name, Result.SKIPPED, "every server has its own management API");
                    return;
                }
                ObjectNode wanted = ImportTarget.without(exported, API_READ_ONLY);
                Optional<JsonNode> before = there.stream()
                        .filter(server -> Json.text(server, "identifier").equals(identifier))
                        .findFirst();
                target.put("API", name, "resource-servers", before, "id", wanted, Set.of("identifier"));
            });
        }
    }

    private void importClients() {
        List<JsonNode> there = api.list("list the applications", ApiPath.of("clients"), "clients");
        for (ObjectNode exported : export.all(Kind.CLIENT)) {
            String name = Json.text(exported, "name");
            target.each("application", name, () -> importClient(exported, name, there));
        }
    }

    private void importClient(ObjectNode exported, String name, List<JsonNode> there) {
        String oldId = Json.text(exported, "client_id");
        know(name, oldId, Optional.empty());
        if (exported.path("global").asBoolean(false)) {
            report.add("application", name, Result.SKIPPED, "it stands for all applications of a tenant");
            return;
        }
        List<String> grantTypes = Json.texts(exported, "grant_types");
        if (exported.has("grant_types") && !grantTypes.contains("client_credentials")) {
            report.add("application", name, Result.SKIPPED, "it does not use client_credentials");
            return;
        }
        String id = putClient(exported, name, oldId, find(name, oldId, there));
        know(name, oldId, Optional.of(id));
        if (isAmbiguous(name)
                && secrets.ofClient(name, oldId).isPresent()
                && secrets.ofClient("", oldId).isEmpty()) {
            report.add("secret of application", name, Result.SKIPPED, "several have this name; give it by client id");
            return;
        }
        secrets.ofClient(name, oldId).ifPresent(secret -> {
            ObjectNode body = Json.object().put("client_secret", secret.reveal());
            target.patch("set the secret", ApiPath.of("clients").segment(id), body);
            report.add("secret of application", name, Result.UPDATED, "");
        });
    }

    /** The client here that an exported one is to become; a name counts only where no id says otherwise. */
    private Optional<JsonNode> find(String name, String oldId, List<JsonNode> there) {
        Optional<JsonNode> same = there.stream()
                .filter(client -> Json.text(client, "client_id").equals(oldId))
                .findFirst();
        if (same.isPresent()) {
            return same;
        }
        if (isAmbiguous(name) && !keeps(oldId)) {
            throw Failure.refused("the export has several applications of this name")
                    .mendedBy("rename them, or export with AUTH0_EXPORT_IDENTIFIERS=true and import with --keep-ids");
        }
        List<JsonNode> named = there.stream()
                .filter(client -> Json.text(client, "name").equals(name))
                .filter(client -> !oldIds.contains(Json.text(client, "client_id")))
                .toList();
        if (!named.isEmpty() && keeps(oldId)) {
            throw Failure.refused("an application of this name is here under the client id "
                            + Json.text(named.getFirst(), "client_id") + ", not " + oldId)
                    .mendedBy("import without --keep-ids, or rename or delete the one that is here");
        }
        if (named.size() > 1) {
            throw Failure.refused("there are several applications of this name here")
                    .mendedBy("rename them, or delete those that are not needed");
        }
        return named.stream().findFirst();
    }

    private boolean isAmbiguous(String name) {
        return namesakes.getOrDefault(name, 0) > 1;
    }

    private boolean keeps(String oldId) {
        return options.keepIds() && !oldId.isEmpty();
    }

    private String putClient(ObjectNode exported, String name, String oldId, Optional<JsonNode> before) {
        ObjectNode wanted = ImportTarget.without(exported, CLIENT_READ_ONLY);
        String id = before.isEmpty() && keeps(oldId)
                ? createUnder(oldId, name, wanted)
                : target.put("application", name, "clients", before, "client_id", wanted, Set.of());
        if (exported.path("client_authentication_methods").isObject()) {
            report.add("keys of application", name, Result.SKIPPED, "it authenticated by a key; here it has a secret");
        }
        return id;
    }

    private String createUnder(String oldId, String name, ObjectNode wanted) {
        String left = ImportTarget.withoutUnknownFields(wanted, body -> {
            if (!target.isDry()) {
                api.put("create the application", ApiPath.of("clients").segment(oldId), body);
            }
        });
        report.add("application", name, Result.CREATED, ImportTarget.remark("client id " + oldId, left));
        return oldId;
    }

    private void know(String name, String oldId, Optional<String> id) {
        if (!isAmbiguous(name)) {
            clients.put(name, id);
        }
        if (!oldId.isEmpty()) {
            clients.put(oldId, id);
        }
    }

    private void importGrants() {
        for (ObjectNode exported : export.all(Kind.GRANT)) {
            String client = Json.text(exported, "client_id");
            String audience = Json.text(exported, "audience");
            String name = client + " → " + audience;
            target.each("grant", name, () -> importGrant(exported, name, client, audience));
        }
    }

    private void importGrant(ObjectNode exported, String name, String client, String audience) {
        boolean isForManagement = isManagementAudience(audience);
        if (isForManagement && !options.managementGrants()) {
            report.add("grant", name, Result.SKIPPED, "for the old tenant's management API; see --management-grants");
            return;
        }
        if (isAmbiguous(client) && !clients.containsKey(client)) {
            throw Failure.refused("the export has several applications of this name")
                    .mendedBy("rename all but one of them, or write its client id into the grant");
        }
        Optional<String> id = clients.getOrDefault(client, Optional.empty());
        if (id.isEmpty()) {
            report.add("grant", name, Result.SKIPPED, "its application was not imported");
            return;
        }
        String here = isForManagement ? managementAudience : audience;
        ObjectNode wanted = ImportTarget.without(exported, Set.of("id", "is_system"));
        wanted.put("client_id", id.get()).put("audience", here);
        Optional<JsonNode> before =
                id.get().equals(ImportTarget.NEW_ID) ? Optional.empty() : grantOf(id.get(), here, exported);
        target.put(
                "grant",
                name,
                "client-grants",
                before,
                "id",
                wanted,
                Set.of("client_id", "audience", "subject_type", "default_for"));
    }

    private static boolean isManagementApi(ObjectNode exported) {
        return exported.path("is_system").asBoolean(Json.text(exported, "name").equals(MANAGEMENT_API));
    }

    /** As the export itself says, or, where it leaves that API out, by the form that such identifiers have. */
    private boolean isManagementAudience(String audience) {
        Map<Boolean, Set<String>> identifiers = export.all(Kind.API).stream()
                .collect(partitioningBy(
                        TenantImport::isManagementApi, mapping(api -> Json.text(api, "identifier"), toSet())));
        Set<String> management = identifiers.getOrDefault(true, Set.of());
        Set<String> ordinary = identifiers.getOrDefault(false, Set.of());
        return management.isEmpty()
                ? audience.matches("https?://[^/]+/api/v2/") && !ordinary.contains(audience)
                : management.contains(audience);
    }

    private Optional<JsonNode> grantOf(String client, String audience, JsonNode exported) {
        String subject = exported.has("subject_type") ? Json.text(exported, "subject_type") : "client";
        ApiPath path = ApiPath.of("client-grants").with("client_id", client).with("audience", audience);
        return api.list("find the grant", path, "client_grants").stream()
                .filter(grant -> Json.text(grant, "subject_type").equals(subject))
                .findFirst();
    }

    private void importSettings() {
        if (export.settings().isEmpty()) {
            return;
        }
        target.each("settings", "", () -> {
            ApiPath path = ApiPath.of("tenants/settings");
            ObjectNode wanted =
                    ImportTarget.without(export.settings(), Set.of("sandbox_versions_available", "default_directory"));
            JsonNode before = api.get("read the settings", path);
            target.update("settings", "", path, before, wanted, "kept for tools; nothing acts on them");
        });
    }

    private void importLogStreams() {
        if (export.all(Kind.LOG_STREAM).isEmpty()) {
            return;
        }
        List<JsonNode> there = List.copyOf(
                api.get("list the log streams", ApiPath.of("log-streams")).values());
        for (ObjectNode exported : export.all(Kind.LOG_STREAM)) {
            String name = Json.text(exported, "name");
            target.each("log stream", name, () -> {
                ObjectNode wanted = ImportTarget.without(exported, Set.of("id", "status"));
                Optional<JsonNode> before = there.stream()
                        .filter(stream -> Json.text(stream, "name").equals(name))
                        .findFirst();
                target.put("log stream", name, "log-streams", before, "id", wanted, Set.of("type"));
            });
        }
    }
}
