package dev.jeton.management;

import dev.jeton.audit.AuditReader;
import dev.jeton.audit.LogEvent;
import dev.jeton.audit.LogQuery;
import dev.jeton.http.ApiError;
import dev.jeton.http.Form;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.oauth.Issuer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/logs}: the audit log, newest first by page, or oldest first from a checkpoint. */
public final class AuditRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> READ = List.of("read:logs", "read:logs_users");
    private static final int DEFAULT_SIZE = 50;

    private static final Schema TEXT_OR_NULL = Schema.text().orNull();
    private static final Schema EVENT = Schema.object()
            .with(
                    Schema.text(),
                    "_id",
                    "log_id",
                    "id",
                    "date",
                    "type",
                    "description",
                    "client_name",
                    "connection_id",
                    "ip",
                    "client_ip",
                    "hostname",
                    "user_id",
                    "user_name",
                    "environment_name",
                    "tenant_name")
            .with(
                    TEXT_OR_NULL,
                    "connection",
                    "organization_id",
                    "organization_name",
                    "client_id",
                    "user_agent",
                    "audience",
                    "scope",
                    "strategy",
                    "strategy_type")
            .with(Schema.flag(), "isMobile")
            .with(Schema.anyObject(), "$event_schema", "location_info", "details")
            .named("LogEvent");

    private static final Schema EVENTS = Schema.eitherOf(
            Schema.listOf(EVENT),
            Schema.object()
                    .require(Schema.whole(0, Long.MAX_VALUE), "start", "limit", "length", "total")
                    .require(Schema.listOf(EVENT), "logs")
                    .named("LogEventPage"));

    private final AuditReader reader;
    private final Issuer issuer;

    public AuditRoutes(AuditReader reader, Issuer issuer) {
        this.reader = reader;
        this.issuer = issuer;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                "AuditRoutes",
                Operation.get("/logs", "Search log events", READ)
                        .query("q", Schema.text(), "What to look for, in Lucene's syntax: type:feccft AND client_id:x.")
                        .query("sort", Schema.oneOf("date:1", "date:-1"), "The newest first unless given.")
                        .query("page", Schema.whole(0, AuditReader.WINDOW), "Which page, from 0.")
                        .query(
                                "per_page",
                                Schema.whole(0, AuditReader.MAX_PAGE),
                                "How many on a page; 50 unless given.")
                        .query("include_totals", Schema.flag(), "Whether the list stands in an object.")
                        .query(
                                "from",
                                Schema.text(),
                                "A log_id: the events after it, the oldest first; with q those that match.")
                        .query("take", Schema.whole(1, AuditReader.MAX_PAGE), "How many after that.")
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, EVENTS),
                this::list);
        access.mount(
                router,
                "AuditRoutes",
                Operation.get("/logs/{id}", "Get a log event", READ)
                        .query(FieldSelection.PARAMETERS)
                        .answers(200, EVENT),
                this::get);
    }

    private Response list(Call call) {
        Form query = call.request().query();
        Optional<String> from = query.first("from").filter(id -> !id.isEmpty());
        return from.isPresent() ? checkpoint(query, from.get()) : page(query);
    }

    private Response page(Form query) {
        int page = Page.number(query, "page", 0, AuditReader.WINDOW, 0);
        int perPage = Page.number(query, "per_page", 0, AuditReader.MAX_PAGE, DEFAULT_SIZE);
        ArrayNode events = json(reader.page(query(query), isNewestFirst(query), page, perPage), query);
        if (query.first("include_totals").filter("true"::equals).isEmpty()) {
            return answer(JSON.writeValueAsBytes(events));
        }
        ObjectNode totals = JSON.createObjectNode()
                .put("start", page * perPage)
                .put("limit", perPage)
                .put("length", events.size())
                .put("total", events.size());
        totals.set("logs", events);
        return answer(JSON.writeValueAsBytes(totals));
    }

    private LogQuery query(Form query) {
        try {
            return LogQuery.parse(query.first("q").orElse(""), issuer.host());
        } catch (LogQuery.MalformedQueryException e) {
            throw invalid(String.valueOf(e.getMessage()), "q");
        }
    }

    /** The newest first, unless it is {@code date:1}. */
    private static boolean isNewestFirst(Form query) {
        String sort = query.first("sort").orElse("date:-1");
        return switch (sort) {
            case "", "date:-1" -> true;
            case "date:1" -> false;
            default -> throw invalid("No enum match for: " + sort + " (date:1 or date:-1)", "sort");
        };
    }

    private static ApiError.ApiException invalid(String detail, String name) {
        return ApiError.badRequest(
                "Query validation error: '" + detail + "' on property " + name + ".", "invalid_query_string");
    }

    private Response checkpoint(Form query, String from) {
        int take = Page.number(query, "take", 1, AuditReader.MAX_PAGE, DEFAULT_SIZE);
        AuditReader.Followed followed;
        try {
            followed = reader.after(query(query), from, take);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()), "from");
        }
        String asked = query.first("q")
                .filter(q -> !q.isBlank())
                .map(q -> "&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8))
                .orElse("");
        String next = issuer.url("api/v2/logs?from=" + followed.next() + "&take=" + take + asked);
        return answer(JSON.writeValueAsBytes(json(followed.events(), Form.parse(""))))
                .with("Link", "<" + next + ">; rel=\"next\"");
    }

    private Response get(Call call) {
        return reader.find(call.request().pathParameter("id"))
                .map(event -> answer(JSON.writeValueAsBytes(
                        json(List.of(event), call.request().query()).get(0))))
                .orElseThrow(() -> ApiError.notFound("The log event does not exist", "inexistent_log"));
    }

    /** @param query its {@code fields} and {@code include_fields} choose members */
    private ArrayNode json(List<LogEvent> events, Form query) {
        FieldSelection selection = FieldSelection.of(query);
        ArrayNode array = JSON.createArrayNode();
        events.forEach(event -> array.add(selection.apply(event.toJson(issuer.host(), issuer.host()))));
        return array;
    }

    private static Response answer(byte[] json) {
        return Response.json(200, json).with("Cache-Control", "no-store");
    }
}
