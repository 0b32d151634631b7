package dev.jeton.logstream;

import static dev.jeton.management.Schema.listOf;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.EntityTag;
import dev.jeton.management.Fields;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/v2/log-streams}: kept and given back, each marked with {@code "delivered": false}. */
public final class LogStreamRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(LogStreamRoutes.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "LogStreamRoutes";
    private static final List<String> READ = List.of("read:log_streams");
    /** What Auth0 answers instead of this password, and what therefore leaves it as it is. */
    private static final String PASSWORD = "mixpanelServiceAccountPassword";

    private static final String HIDDEN = "********";
    /** The list has no pages. */
    private static final int MOST = 100;

    private final Database database;
    private final LogStreamStore store;
    private final RegistryWriter writer;
    private final Identifiers identifiers;
    private final Issuer issuer;
    private final InstantSource clock;

    public LogStreamRoutes(
            Database database,
            LogStreamStore store,
            RegistryWriter writer,
            Identifiers identifiers,
            Issuer issuer,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.writer = writer;
        this.identifiers = identifiers;
        this.issuer = issuer;
        this.clock = clock;
    }

    public void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/log-streams", "Get log streams", READ).answers(200, listOf(LogStreamSchema.ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.post("/log-streams", "Create a log stream", "create:log_streams")
                        .takes(LogStreamSchema.ANY_CREATE)
                        .answers(200, LogStreamSchema.ANSWER),
                this::create);
        access.mount(
                router,
                OWNER,
                Operation.get("/log-streams/{id}", "Get a log stream", READ).answers(200, LogStreamSchema.ANSWER),
                this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch("/log-streams/{id}", "Update a log stream", List.of("update:log_streams"))
                        .takes(LogStreamSchema.ANY_UPDATE)
                        .answers(200, LogStreamSchema.ANSWER),
                this::update);
        access.mount(
                router,
                OWNER,
                Operation.delete("/log-streams/{id}", "Delete a log stream", "delete:log_streams"),
                this::delete);
    }

    /** All of them: there is no paging, and what a query asks for is ignored. */
    private Response list(Call call) {
        ArrayNode streams = JSON.createArrayNode();
        database.read(store::list).forEach(stream -> streams.add(json(stream)));
        return writer.show(call, streams);
    }

    private Response get(Call call) {
        LogStream stream = database.read(handle -> require(handle, call));
        return writer.show(call, json(stream), tag(stream));
    }

    private Response create(Call call) {
        Optional<String> type = Optional.ofNullable(
                        Fields.of(call.request()).json().get("type"))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue);
        Fields fields = Fields.of(call.request(), LogStreamSchema.create(type));
        Instant now = now();
        Response answer = writer.write(call, "Create a log stream", Optional.of(fields), handle -> {
            if (store.count(handle) >= MOST) {
                throw ApiError.badRequest("There are at most " + MOST + " log streams", "log_stream_limit");
            }
            LogStream stream = new LogStream(
                    store.nextId(handle),
                    fields.string("name", 0, Integer.MAX_VALUE),
                    type.orElseThrow(),
                    LogStream.ACTIVE,
                    fields.flag("isPriority").orElse(false),
                    filters(fields),
                    piiConfig(fields),
                    withPartner(type.orElseThrow(), (ObjectNode) fields.json().get("sink")),
                    now,
                    now);
            store.insert(handle, stream);
            return Outcome.of(200, json(stream)).tagged(tag(stream));
        });
        LOG.warn("a log stream was created; Jeton keeps its configuration and delivers nothing");
        return answer;
    }

    private Response update(Call call) {
        return writer.write(call, "Update a log stream", Optional.of(Fields.of(call.request())), handle -> {
            LogStream before = require(handle, call);
            tag(before).require(call.request());
            Fields fields = Fields.of(call.request(), LogStreamSchema.update(before.type()));
            LogStream stream = new LogStream(
                    before.id(),
                    fields.string("name", 0, Integer.MAX_VALUE).or(before::name),
                    before.type(),
                    fields.string("status", 0, Integer.MAX_VALUE).orElse(before.status()),
                    fields.flag("isPriority").orElse(before.isPriority()),
                    fields.has("filters") ? filters(fields) : before.filters(),
                    fields.has("pii_config") ? piiConfig(fields) : before.piiConfig(),
                    fields.has("sink") ? sink((ObjectNode) fields.json().get("sink"), before.sink()) : before.sink(),
                    before.createdAt(),
                    EntityTag.later(before.updatedAt(), now()));
            store.update(handle, stream);
            return Outcome.of(200, json(stream)).tagged(tag(stream)).from(json(before));
        });
    }

    private Response delete(Call call) {
        return writer.write(call, "Delete a log stream", Optional.empty(), handle -> {
            Optional<LogStream> stream = find(handle, call);
            if (stream.isEmpty()) {
                EntityTag.requireNone(call.request());
                return Outcome.noContent();
            }
            tag(stream.get()).require(call.request());
            store.delete(handle, stream.get().id());
            return Outcome.noContent().from(json(stream.get()));
        });
    }

    /** With the name under which Auth0 would deliver to a partner of its own: tools wait for one. */
    private ObjectNode withPartner(String type, ObjectNode sent) {
        ObjectNode sink = sent.deepCopy();
        String name = issuer.host() + "-" + identifiers.uuid() + "/auth0.logs";
        switch (type) {
            case "eventbridge" -> sink.put("awsPartnerEventSource", "aws.partner/auth0.com/" + name);
            case "eventgrid" -> sink.put("azurePartnerTopic", name);
            default -> {}
        }
        return sink;
    }

    private static Optional<ArrayNode> filters(Fields fields) {
        return Optional.ofNullable((ArrayNode) fields.json().get("filters"));
    }

    /** With what Auth0 adds when only the fields are named. */
    private static Optional<ObjectNode> piiConfig(Fields fields) {
        return Optional.ofNullable(fields.json().get("pii_config"))
                .filter(JsonNode::isObject)
                .map(sent -> {
                    ObjectNode config = ((ObjectNode) sent).deepCopy();
                    if (!config.has("method")) {
                        config.put("method", "hash");
                    }
                    if (!config.has("algorithm")
                            && "hash".equals(config.get("method").stringValue())) {
                        config.put("algorithm", "xxhash");
                    }
                    return config;
                });
    }

    /** What was sent, with the password of before where what is shown of it was sent back. */
    static ObjectNode sink(ObjectNode sent, ObjectNode before) {
        ObjectNode sink = sent.deepCopy();
        JsonNode password = sink.get(PASSWORD);
        if (password != null && password.stringValue().equals(HIDDEN)) {
            sink.set(PASSWORD, before.get(PASSWORD));
        }
        return sink;
    }

    private Optional<LogStream> find(Handle handle, Call call) {
        return store.find(handle, call.request().pathParameter("id"));
    }

    private LogStream require(Handle handle, Call call) {
        return find(handle, call)
                .orElseThrow(() -> new ApiError(404, "The log stream does not exist.", null).exception());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static EntityTag tag(LogStream stream) {
        return EntityTag.of(json(stream).without("sink"), stream.updatedAt());
    }

    private static ObjectNode json(LogStream stream) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", stream.id());
        stream.name().ifPresent(name -> json.put("name", name));
        json.put("type", stream.type());
        json.put("status", stream.status());
        ObjectNode sink = stream.sink().deepCopy();
        if (sink.has(PASSWORD)) {
            sink.put(PASSWORD, HIDDEN);
        }
        json.set("sink", sink);
        stream.filters().ifPresent(filters -> json.set("filters", filters));
        json.put("isPriority", stream.isPriority());
        stream.piiConfig().ifPresent(config -> json.set("pii_config", config));
        json.put("delivered", false);
        return json;
    }
}
