package dev.jeton.administrator;

import dev.jeton.administrator.OneTimeLinks.Unused;
import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.management.Call;
import dev.jeton.management.ManagementAccess;
import dev.jeton.management.Operation;
import dev.jeton.management.RegistryWriter;
import dev.jeton.management.RegistryWriter.Outcome;
import dev.jeton.management.Schema;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/v2/administrators/links}: the invitations and resets that nobody has used yet, without what makes them links.
 * Nobody withdraws one that gives more than the caller holds.
 */
final class LinkRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "LinkRoutes";

    private static final Schema MADE_BY = Schema.object().with(Schema.text(), "user_id", "user_name", "client_id");
    private static final Schema ANSWER = Schema.object()
            .require(Schema.text(), "id", "made_at", "expires_at")
            .require(Schema.oneOf(Purpose.INVITATION.wireName(), Purpose.RESET.wireName()), "purpose")
            .require(AdministratorRoutes.ROLE, "role")
            .require(Schema.text().orNull(), "name")
            .require(MADE_BY, "made_by")
            .require(Schema.flag(), "usable")
            .named("AdministratorLink");

    private final Database database;
    private final OneTimeLinks links;
    private final RegistryWriter writer;
    private final InstantSource clock;

    LinkRoutes(Database database, OneTimeLinks links, RegistryWriter writer, InstantSource clock) {
        this.database = database;
        this.links = links;
        this.writer = writer;
        this.clock = clock;
    }

    void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/administrators/links", "Get unused links of administrators", AdministratorRoutes.READ)
                        .answers(200, Schema.listOf(ANSWER)),
                this::list);
        access.mount(
                router,
                OWNER,
                Operation.delete(
                        "/administrators/links/{id}",
                        "Withdraw an unused link of administrators",
                        AdministratorRoutes.DELETE),
                this::withdraw);
    }

    /** All of them, the oldest first: there are {@link OneTimeLinks#MOST} at most. */
    private Response list(Call call) {
        ArrayNode all = JSON.createArrayNode();
        database.readSnapshot(handle -> links.unused(handle, clock.instant())).forEach(link -> all.add(json(link)));
        return writer.show(call, all);
    }

    private Response withdraw(Call call) {
        return writer.write(call, "Withdraw an unused link of administrators", Optional.empty(), handle -> {
            Unused link = require(handle, call);
            AdministratorRoutes.requireHeld(call, link.role(), "withdraw the links of");
            links.withdraw(handle, link);
            return Outcome.noContent().from(json(link));
        });
    }

    private Unused require(Handle handle, Call call) {
        String id = call.request().pathParameter("id");
        return links.unused(handle, clock.instant()).stream()
                .filter(link -> link.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ApiError.notFound(
                        "There is no such link any more: it was used or withdrawn, or its time is over",
                        "inexistent_link"));
    }

    private static ObjectNode json(Unused unused) {
        OneTimeLink link = unused.link();
        ObjectNode json = JSON.createObjectNode()
                .put("id", unused.id())
                .put("purpose", link.purpose().wireName())
                .put("role", unused.role().wireName())
                .put("name", unused.of().map(Administrator::name).orElse(null));
        ObjectNode madeBy = json.putObject("made_by");
        unused.maker()
                .ifPresentOrElse(
                        administrator ->
                                madeBy.put("user_id", administrator.id()).put("user_name", administrator.name()),
                        () -> madeBy.put("client_id", link.madeBy().orElseThrow()));
        return json.put("made_at", link.createdAt().toString())
                .put("expires_at", link.expiresAt().map(Instant::toString).orElseThrow())
                .put("usable", unused.isUsable());
    }
}
