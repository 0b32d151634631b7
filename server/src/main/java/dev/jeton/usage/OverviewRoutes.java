package dev.jeton.usage;

import static dev.jeton.usage.UsageRoutes.answer;
import static dev.jeton.usage.UsageRoutes.text;

import dev.jeton.audit.UsageFiguresStore;
import dev.jeton.audit.UsageFiguresStore.Step;
import dev.jeton.audit.UsageFiguresStore.Unused;
import dev.jeton.audit.UsageFiguresStore.UnusedClient;
import dev.jeton.audit.UsageFiguresStore.UnusedGrant;
import dev.jeton.client.Client;
import dev.jeton.client.Clients;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.Page;
import dev.jeton.management.Schema;
import dev.jeton.oauth.ClientId;
import dev.jeton.resourceserver.ResourceServers;
import dev.jeton.usage.TokenLatency.Percentiles;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/v2/usage/overview}, and what is not used. Not Auth0's.
 *
 * <p>Tokens and refusals are of all nodes, how long they took is of this one. What is not known is null and never 0.
 */
public final class OverviewRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A client or a grant is unused if no token was issued for so long. */
    private static final Duration UNUSED = Duration.ofDays(90);

    private static final int DEFAULT_HOURS = 24;
    private static final int BUSIEST = 10;
    /** How many of the unused the overview shows. */
    private static final int SHOWN = 10;
    /** Among so many clients, and grants, it looks for them: it is asked for again and again. */
    private static final int GLANCE = 1_000;
    /** Among so many for a page of their list. */
    private static final int MOST_LOOKED_AT = 5_000;

    private static final int DEFAULT_TAKE = 50;
    private static final int MOST_TAKEN = 100;

    private static final Schema COUNT = Schema.whole(0, Long.MAX_VALUE);
    private static final Schema MS = Schema.amount(0, Double.MAX_VALUE).orNull();
    private static final Schema TIME = Schema.text().orNull();

    private static final Schema UNUSED_CLIENT = Schema.object()
            .require(Schema.text(), "client_id", "name", "created_at")
            .require(TIME, "last_token_at")
            .named("UnusedClient");
    private static final Schema UNUSED_GRANT = Schema.object()
            .require(Schema.text(), "id", "client_id", "resource_server_id")
            .require(TIME, "client_name", "audience", "last_token_at")
            .named("UnusedGrant");

    private static final Schema OVERVIEW = Schema.object()
            .require(Schema.text(), "from", "to")
            .require(TIME, "counted_to")
            .require(Schema.whole(1, 3_600), "step_s")
            .require(
                    Schema.listOf(Schema.object()
                            .require(Schema.text(), "at")
                            .require(COUNT.orNull(), "tokens", "refusals")
                            .require(MS, "p50_ms", "p99_ms")),
                    "series")
            .require(
                    Schema.listOf(
                            Schema.object().require(Schema.text(), "reason").require(COUNT, "count")),
                    "refusals_by_reason")
            .require(
                    Schema.listOf(Schema.object()
                            .require(Schema.text(), "client_id")
                            .require(TIME, "name")
                            .require(COUNT, "tokens")),
                    "busiest")
            .require(Schema.listOf(UNUSED_CLIENT), "unused_clients")
            .require(Schema.listOf(UNUSED_GRANT), "unused_grants")
            .require(Schema.flag(), "more_unused_clients", "more_unused_grants")
            .require(
                    Schema.object()
                            .require(COUNT.orNull(), "tokens", "refusals")
                            .require(MS, "p50_ms", "p99_ms")
                            .require(COUNT, "clients", "resource_servers"),
                    "totals");

    private final UsageFiguresStore figures;
    private final TokenLatency latency;
    private final Clients clients;
    private final ResourceServers resourceServers;
    private final InstantSource clock;

    public OverviewRoutes(
            UsageFiguresStore figures,
            TokenLatency latency,
            Clients clients,
            ResourceServers resourceServers,
            InstantSource clock) {
        this.figures = figures;
        this.latency = latency;
        this.clients = clients;
        this.resourceServers = resourceServers;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                UsageRoutes.OWNER,
                Operation.get("/usage/overview", "Get what the server does", UsageRoutes.READ)
                        .query("hours", Schema.oneOf("1", "24", "168"), "Of the last so many hours; 24 unless given.")
                        .answers(200, OVERVIEW),
                this::overview);
        access.mount(
                router,
                UsageRoutes.OWNER,
                unused("/usage/unused-clients", "Get the clients that are issued no tokens", "clients", UNUSED_CLIENT),
                this::unusedClients);
        access.mount(
                router,
                UsageRoutes.OWNER,
                unused("/usage/unused-grants", "Get the grants that no token is issued for", "grants", UNUSED_GRANT),
                this::unusedGrants);
    }

    private static Operation unused(String path, String summary, String plural, Schema item) {
        return Operation.get(path, summary, UsageRoutes.READ)
                .query("take", Schema.whole(1, MOST_TAKEN), "How many at most; 50 unless given.")
                .query("from", Schema.text(), "The checkpoint: what the answer before named as next.")
                .answers(
                        200,
                        Schema.object().require(Schema.listOf(item), plural).with(Schema.text(), "next"));
    }

    /**
     * The time that is shown, in steps; the last is the one that runs.
     *
     * @param from where the first step begins
     */
    private record Period(Instant from, Duration step, int steps) {
        static Period before(Instant now, Duration step, int steps) {
            long last = Math.floorDiv(now.getEpochSecond(), step.toSeconds()) * step.toSeconds();
            return new Period(Instant.ofEpochSecond(last).minus(step.multipliedBy(steps - 1)), step, steps);
        }

        Instant at(int number) {
            return from.plus(step.multipliedBy(number));
        }
    }

    private Response overview(Call call) {
        int hours = call.request()
                .query()
                .first("hours")
                .filter(text -> !text.isEmpty())
                .map(Integer::parseInt)
                .orElse(DEFAULT_HOURS);
        Instant now = clock.instant();
        boolean byMinute = hours == 1;
        Period period = byMinute
                ? Period.before(now, Duration.ofMinutes(1), 60)
                : Period.before(now, Duration.ofHours(1), hours);
        List<Step> steps = figures.steps(period.from(), now.plusMillis(1), period.step());
        Optional<Instant> known = figures.firstMinute();

        ObjectNode json = JSON.createObjectNode()
                .put("from", period.from().toString())
                .put("to", now.toString())
                .put("counted_to", text(figures.countedUpTo()))
                .put("step_s", period.step().toSeconds());
        json.set("series", series(period, steps, known, byMinute ? latency::ofMinute : latency::ofHour));
        json.set("refusals_by_reason", byReason(steps));
        ArrayNode busiest = json.putArray("busiest");
        figures.busiest(hours, now, BUSIEST)
                .forEach(busy -> busiest.addObject()
                        .put("client_id", busy.client().value())
                        .put("name", name(busy.client()))
                        .put("tokens", busy.tokens()));
        Unused<UnusedClient> idleClients = figures.unusedClients(now.minus(UNUSED), "", GLANCE, SHOWN, now);
        Unused<UnusedGrant> idleGrants = figures.unusedGrants(now.minus(UNUSED), "", GLANCE, SHOWN);
        json.set("unused_clients", clients(idleClients));
        json.set("unused_grants", grants(idleGrants));
        json.put("more_unused_clients", idleClients.next().isPresent())
                .put("more_unused_grants", idleGrants.next().isPresent());
        ObjectNode totals = json.putObject("totals")
                .put("tokens", known.isEmpty() ? null : sum(steps, true))
                .put("refusals", known.isEmpty() ? null : sum(steps, false));
        put(totals, byMinute ? latency.ofMinutes(period.from(), 60) : latency.ofHours(period.from(), hours));
        totals.put("clients", clients.size()).put("resource_servers", resourceServers.size());
        return answer(json);
    }

    /** What was before the first minute on record is not known. */
    private static ArrayNode series(
            Period period,
            List<Step> found,
            Optional<Instant> known,
            Function<Instant, Optional<Percentiles>> latency) {
        long[] tokens = new long[period.steps()];
        long[] refusals = new long[period.steps()];
        for (Step step : found) {
            long[] counts = step.reason().isEmpty() ? tokens : refusals;
            counts[step.number()] += step.events();
        }
        ArrayNode series = JSON.createArrayNode();
        for (int i = 0; i < period.steps(); i++) {
            Instant at = period.at(i);
            boolean isKnown = known.filter(first -> first.isBefore(at.plus(period.step())))
                    .isPresent();
            ObjectNode point = series.addObject()
                    .put("at", at.toString())
                    .put("tokens", isKnown ? tokens[i] : null)
                    .put("refusals", isKnown ? refusals[i] : null);
            put(point, latency.apply(at));
        }
        return series;
    }

    private static void put(ObjectNode json, Optional<Percentiles> took) {
        json.put("p50_ms", took.map(Percentiles::p50Ms).orElse(null))
                .put("p99_ms", took.map(Percentiles::p99Ms).orElse(null));
    }

    private static @Nullable Long sum(List<Step> found, boolean tokens) {
        return found.stream()
                .filter(step -> step.reason().isEmpty() == tokens)
                .mapToLong(Step::events)
                .sum();
    }

    private static ArrayNode byReason(List<Step> found) {
        Map<String, Long> counts = found.stream()
                .filter(minute -> !minute.reason().isEmpty())
                .collect(Collectors.groupingBy(Step::reason, Collectors.summingLong(Step::events)));
        ArrayNode json = JSON.createArrayNode();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(each -> json.addObject().put("reason", each.getKey()).put("count", each.getValue()));
        return json;
    }

    private @Nullable String name(ClientId client) {
        return clients.find(client).map(Client::name).orElse(null);
    }

    private Response unusedClients(Call call) {
        Instant now = clock.instant();
        Unused<UnusedClient> unused =
                figures.unusedClients(now.minus(UNUSED), from(call), MOST_LOOKED_AT, take(call), now);
        return page("clients", clients(unused), unused);
    }

    private static ArrayNode clients(Unused<UnusedClient> unused) {
        ArrayNode json = JSON.createArrayNode();
        unused.found()
                .forEach(client -> json.addObject()
                        .put("client_id", client.id().value())
                        .put("name", client.name())
                        .put("created_at", client.createdAt().toString())
                        .put("last_token_at", text(client.lastToken())));
        return json;
    }

    private Response unusedGrants(Call call) {
        Unused<UnusedGrant> unused =
                figures.unusedGrants(clock.instant().minus(UNUSED), from(call), MOST_LOOKED_AT, take(call));
        return page("grants", grants(unused), unused);
    }

    private ArrayNode grants(Unused<UnusedGrant> unused) {
        ArrayNode json = JSON.createArrayNode();
        unused.found()
                .forEach(grant -> json.addObject()
                        .put("id", grant.id())
                        .put("client_id", grant.client().value())
                        .put("client_name", name(grant.client()))
                        .put("resource_server_id", grant.resourceServerId())
                        .put(
                                "audience",
                                resourceServers.all().stream()
                                        .filter(api -> api.id().equals(grant.resourceServerId()))
                                        .map(api -> api.audience().value())
                                        .findFirst()
                                        .orElse(null))
                        .put("last_token_at", text(grant.lastToken())));
        return json;
    }

    private static Response page(String plural, ArrayNode items, Unused<?> unused) {
        ObjectNode json = JSON.createObjectNode();
        json.set(plural, items);
        unused.next().ifPresent(next -> json.put("next", next));
        return answer(json);
    }

    private static String from(Call call) {
        return call.request().query().first("from").orElse("");
    }

    private static int take(Call call) {
        return Page.number(call.request().query(), "take", 1, MOST_TAKEN, DEFAULT_TAKE);
    }
}
