package dev.jeton.usage;

import dev.jeton.audit.UsageFiguresStore;
import dev.jeton.audit.UsageFiguresStore.Addresses;
import dev.jeton.audit.UsageFiguresStore.ApiTokens;
import dev.jeton.audit.UsageFiguresStore.Figures;
import dev.jeton.client.ClientStore;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.Schema;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServerStore;
import dev.jeton.resourceserver.ResourceServers;
import dev.jeton.signingkey.KeyRotation;
import dev.jeton.signingkey.KeyType;
import dev.jeton.signingkey.SigningKey;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/v2/usage}: what clients, APIs and keys were used for, and what it would break to take them away. Not Auth0's.
 */
public final class UsageRoutes {
    static final String OWNER = "UsageRoutes";
    static final List<String> READ = List.of("read:stats");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_IDS_LENGTH = UsageFiguresStore.MOST_IDS * (ClientId.MAX_LENGTH + 1);

    private static final Schema COUNT = Schema.whole(0, Long.MAX_VALUE);
    private static final Schema TIME = Schema.text().orNull();
    private static final Schema FIGURES = Schema.object()
            .require(Schema.text(), "id")
            .require(COUNT.orNull(), "tokens_day", "tokens_week", "refusals_day")
            .require(TIME, "last_token_at")
            .with(TIME, "secret_created_at")
            .named("Usage");
    private static final Schema IMPACT = Schema.object()
            .require(COUNT, "tokens_day", "addresses_day")
            .require(Schema.flag(), "addresses_day_at_least")
            .require(TIME, "newest_at")
            .with(COUNT, "tokens_week", "refusals_day", "grants", "resource_servers")
            .named("Impact");

    private final Database database;
    private final UsageFiguresStore figures;
    private final ClientStore clients;
    private final ResourceServerStore resourceServerStore;
    private final ResourceServers resourceServers;
    private final ClientGrantStore grants;
    private final KeyRotation keys;
    private final InstantSource clock;

    public UsageRoutes(
            Database database,
            UsageFiguresStore figures,
            ClientStore clients,
            ResourceServerStore resourceServerStore,
            ResourceServers resourceServers,
            ClientGrantStore grants,
            KeyRotation keys,
            InstantSource clock) {
        this.database = database;
        this.figures = figures;
        this.clients = clients;
        this.resourceServerStore = resourceServerStore;
        this.resourceServers = resourceServers;
        this.grants = grants;
        this.keys = keys;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(router, OWNER, ofIds("/usage/clients", "Get what clients were used for"), this::ofClients);
        access.mount(
                router,
                OWNER,
                ofIds("/usage/resource-servers", "Get what resource servers were used for"),
                this::ofResourceServers);
        access.mount(
                router,
                OWNER,
                Operation.get("/usage/clients/{id}/impact", "Get what a client is in use for", READ)
                        .answers(200, IMPACT),
                this::impactOfClient);
        access.mount(
                router,
                OWNER,
                Operation.get("/usage/resource-servers/{id}/impact", "Get what a resource server is in use for", READ)
                        .answers(200, IMPACT),
                this::impactOfResourceServer);
        access.mount(
                router,
                OWNER,
                Operation.get("/usage/signing-keys/{kid}/impact", "Get what a signing key is in use for", READ)
                        .answers(200, IMPACT),
                this::impactOfKey);
    }

    private static Operation ofIds(String path, String summary) {
        return Operation.get(path, summary, READ)
                .query(
                        "ids",
                        Schema.text(0, MAX_IDS_LENGTH),
                        "Of which, separated by commas; at most " + UsageFiguresStore.MOST_IDS + ".")
                .answers(200, Schema.listOf(FIGURES));
    }

    static List<String> ids(Form query) {
        List<String> ids = query.all("ids").stream()
                .flatMap(text -> List.of(text.split(",", -1)).stream())
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
        if (ids.size() > UsageFiguresStore.MOST_IDS) {
            throw Page.invalid("Array is too long (" + ids.size() + "), maximum " + UsageFiguresStore.MOST_IDS, "ids");
        }
        return ids;
    }

    private Response ofClients(Call call) {
        List<String> ids = ids(call.request().query());
        Map<String, Figures> found = figures.ofClients(ids, clock.instant());
        Map<String, Instant> secrets = database.read(handle -> clients.secretsCreatedAt(handle, ids));
        ArrayNode answer = JSON.createArrayNode();
        ids.forEach(id -> {
            ObjectNode json = answer.addObject();
            put(json, id, Optional.ofNullable(found.get(id)));
            json.put("secret_created_at", text(Optional.ofNullable(secrets.get(id))));
        });
        return answer(answer);
    }

    private Response ofResourceServers(Call call) {
        List<String> ids = ids(call.request().query());
        Map<String, Figures> found = figures.ofApis(ids, clock.instant());
        ArrayNode answer = JSON.createArrayNode();
        ids.forEach(id -> put(answer.addObject(), id, Optional.ofNullable(found.get(id))));
        return answer(answer);
    }

    /** Of what there is not, nothing is known. */
    private static void put(ObjectNode json, String id, Optional<Figures> found) {
        json.put("id", id)
                .put("tokens_day", found.map(Figures::tokensDay).orElse(null))
                .put("tokens_week", found.map(Figures::tokensWeek).orElse(null))
                .put("refusals_day", found.map(Figures::refusalsDay).orElse(null))
                .put("last_token_at", text(found.flatMap(Figures::lastToken)));
    }

    private Response impactOfClient(Call call) {
        String asked = call.request().pathParameter("id");
        Instant now = clock.instant();
        Figures used = Optional.ofNullable(
                        figures.ofClients(List.of(asked), now).get(asked))
                .orElseThrow(() -> ApiError.notFound("The client does not exist", "inexistent_client"));
        ClientId id = new ClientId(used.id());
        int granted =
                database.read(handle -> grants.count(handle, new ClientGrantStore.Filter(id, null, null, null, false)));
        return answer(impact(used, figures.addressesOfClient(id, now)).put("grants", granted));
    }

    private Response impactOfResourceServer(Call call) {
        String asked = call.request().pathParameter("id");
        String id = database.read(handle -> resourceServerStore
                        .find(handle, asked)
                        .or(() -> asked.length() > Audience.MAX_LENGTH
                                ? Optional.empty()
                                : resourceServerStore.find(handle, new Audience(asked))))
                .map(ResourceServer::id)
                .orElseThrow(
                        () -> ApiError.notFound("The resource server does not exist", "inexistent_resource_server"));
        Instant now = clock.instant();
        Figures used = figures.ofApis(List.of(id), now).getOrDefault(id, new Figures(id, 0, 0, 0, Optional.empty()));
        int granted =
                database.read(handle -> grants.count(handle, new ClientGrantStore.Filter(null, id, null, null, false)));
        return answer(impact(used, figures.addressesOfApis(id::equals, now)).put("grants", granted));
    }

    private static ObjectNode impact(Figures used, Addresses addresses) {
        return JSON.createObjectNode()
                .put("tokens_day", used.tokensDay())
                .put("tokens_week", used.tokensWeek())
                .put("refusals_day", used.refusalsDay())
                .put("newest_at", text(used.lastToken()))
                .put("addresses_day", addresses.count())
                .put("addresses_day_at_least", addresses.isAtLeast());
    }

    /** The log does not say which key signed: it was the one that was current, for the APIs whose algorithm is its own. */
    private Response impactOfKey(Call call) {
        String kid = call.request().pathParameter("kid");
        SigningKey key = database.read(handle -> keys.list(handle)).stream()
                .filter(found -> found.kid().equals(kid))
                .findFirst()
                .orElseThrow(() -> ApiError.notFound("The signing key does not exist", "inexistent_signing_key"));
        Set<String> signed = resourceServers.all().stream()
                .filter(api -> KeyType.of(api.signingAlgorithm())
                        .filter(key.type()::equals)
                        .isPresent())
                .map(ResourceServer::id)
                .collect(Collectors.toSet());
        Instant now = clock.instant();
        Instant since = key.currentSince();
        Map<String, ApiTokens> used = since == null
                ? Map.of()
                : figures.ofApisWithin(since, Objects.requireNonNullElse(key.currentUntil(), now.plusMillis(1)), now);
        List<ApiTokens> tokens = used.entrySet().stream()
                .filter(api -> signed.contains(api.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        Addresses addresses =
                tokens.isEmpty() ? new Addresses(0, false) : figures.addressesOfApis(signed::contains, now);
        return answer(JSON.createObjectNode()
                .put("tokens_day", tokens.stream().mapToLong(ApiTokens::tokens).sum())
                .put("newest_at", text(tokens.stream().map(ApiTokens::last).max(Instant::compareTo)))
                .put("addresses_day", addresses.count())
                .put("addresses_day_at_least", addresses.isAtLeast())
                .put("resource_servers", tokens.size()));
    }

    static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    static Response answer(JsonNode json) {
        return Response.json(200, JSON.writeValueAsBytes(json)).with("Cache-Control", "no-store");
    }
}
