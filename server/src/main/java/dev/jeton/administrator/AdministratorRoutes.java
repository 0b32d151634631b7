package dev.jeton.administrator;

import static dev.jeton.management.Schema.listOf;

import dev.jeton.administrator.AdministratorStore.Account;
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
import dev.jeton.management.Schema;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/v2/administrators}, which Auth0 does not have. Nobody makes, changes or removes an administrator who may do more
 * than the caller, and the last owner stays.
 */
final class AdministratorRoutes {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String OWNER = "AdministratorRoutes";
    static final List<String> READ = List.of("read:administrators");
    static final String DELETE = "delete:administrators";
    private static final String ONE = "/administrators/{id}";

    static final Schema ROLE = Schema.oneOf(Role.VIEWER.wireName(), Role.EDITOR.wireName(), Role.OWNER.wireName());
    private static final Schema SENT = Schema.object().require(ROLE, "role");
    private static final Schema ANSWER = Schema.object()
            .require(Schema.text(), "id", "name", "created_at", "updated_at")
            .require(ROLE, "role")
            .require(Schema.text().orNull(), "last_sign_in_at")
            .named("Administrator");
    private static final Schema INVITATION =
            Schema.object().require(Schema.text(), "url", "expires_at").require(ROLE, "role");
    private static final Schema RESET = Schema.object().require(Schema.text(), "url", "expires_at");

    private final Database database;
    private final AdministratorStore store;
    private final SessionStore sessions;
    private final OneTimeLinks links;
    private final RegistryWriter writer;
    private final InstantSource clock;

    AdministratorRoutes(
            Database database,
            AdministratorStore store,
            SessionStore sessions,
            OneTimeLinks links,
            RegistryWriter writer,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.sessions = sessions;
        this.links = links;
        this.writer = writer;
        this.clock = clock;
    }

    void mount(Router router, ManagementAccess access) {
        access.mount(
                router,
                OWNER,
                Operation.get("/administrators", "Get administrators", READ).answers(200, listOf(ANSWER)),
                this::list);
        access.mount(
                router, OWNER, Operation.get(ONE, "Get an administrator", READ).answers(200, ANSWER), this::get);
        access.mount(
                router,
                OWNER,
                Operation.patch(ONE, "Update an administrator", List.of(OneTimeLinks.UPDATE))
                        .takes(SENT)
                        .answers(200, ANSWER),
                this::update);
        access.mount(router, OWNER, Operation.delete(ONE, "Delete an administrator", DELETE), this::delete);
        access.mount(
                router,
                OWNER,
                Operation.post("/administrators/invitations", "Invite an administrator", OneTimeLinks.CREATE)
                        .takes(SENT)
                        .answers(201, INVITATION),
                this::invite);
        access.mount(
                router,
                OWNER,
                Operation.post(ONE + "/reset", "Reset an administrator's password", OneTimeLinks.UPDATE)
                        .answers(201, RESET),
                this::reset);
    }

    /** All of them, by name. */
    private Response list(Call call) {
        ArrayNode administrators = JSON.createArrayNode();
        database.read(store::list).forEach(administrator -> administrators.add(json(administrator)));
        return writer.show(call, administrators);
    }

    private Response get(Call call) {
        Administrator administrator = database.read(handle -> require(handle, call));
        return writer.show(call, json(administrator), tag(administrator));
    }

    private Response update(Call call) {
        Fields fields = Fields.of(call.request(), SENT);
        Role role = role(fields);
        return writer.write(call, "Update an administrator", Optional.of(fields), handle -> {
            Administrator before = require(handle, call);
            requireHeld(call, before.role(), "change");
            requireHeld(call, role, "make");
            tag(before).require(call.request());
            if (role != Role.OWNER) {
                requireNotLastOwner(handle, before);
            }
            if (role != before.role()) {
                links.withdraw(handle, before.id());
            }
            Administrator after = new Administrator(
                    before.id(),
                    before.name(),
                    role,
                    before.createdAt(),
                    EntityTag.later(before.updatedAt(), now()),
                    before.signedInAt());
            store.setRole(handle, after.id(), role, after.updatedAt());
            return Outcome.of(200, json(after)).tagged(tag(after)).from(json(before));
        });
    }

    /** The sessions end with it. */
    private Response delete(Call call) {
        return writer.write(call, "Delete an administrator", Optional.empty(), handle -> {
            Administrator administrator = require(handle, call);
            requireHeld(call, administrator.role(), "remove");
            tag(administrator).require(call.request());
            requireNotLastOwner(handle, administrator);
            links.withdraw(handle, administrator.id());
            sessions.endAll(handle, administrator.id());
            store.delete(handle, administrator.id());
            return Outcome.noContent().from(json(administrator));
        });
    }

    private Response invite(Call call) {
        Fields fields = Fields.of(call.request(), SENT);
        Role role = role(fields);
        return writer.write(call, "Invite an administrator", Optional.of(fields), handle -> {
            requireHeld(call, role, "invite");
            OneTimeLinks.Made made = links.invite(handle, role, call.caller().who(), now());
            return Outcome.of(201, json(made).put("role", role.wireName()));
        });
    }

    /** The password stays as it is until the link is used. */
    private Response reset(Call call) {
        return writer.write(call, "Reset an administrator's password", Optional.empty(), handle -> {
            Administrator administrator = require(handle, call);
            requireHeld(call, administrator.role(), "reset the password of");
            return Outcome.of(
                    201, json(links.reset(handle, administrator, call.caller().who(), now())));
        });
    }

    private static Role role(Fields fields) {
        return fields.oneOf("role", Role::find).orElseThrow(() -> fields.missing("role"));
    }

    static void requireHeld(Call call, Role role, String what) {
        ScopeSet lacking = role.scopes().without(call.caller().scope());
        if (!lacking.isEmpty()) {
            throw new ApiError(
                            403,
                            "You may " + what + " only administrators who may do no more than you; you lack: "
                                    + String.join(", ", lacking.values()),
                            "insufficient_scope")
                    .exception();
        }
    }

    private void requireNotLastOwner(Handle handle, Administrator administrator) {
        if (administrator.role() == Role.OWNER && store.count(handle, Role.OWNER) == 1) {
            throw ApiError.conflict(administrator.name() + " is the last owner: make another one first", "last_owner");
        }
    }

    private Administrator require(Handle handle, Call call) {
        return store.find(handle, call.request().pathParameter("id"))
                .map(Account::administrator)
                .orElseThrow(() -> ApiError.notFound("The administrator does not exist", "inexistent_administrator"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static EntityTag tag(Administrator administrator) {
        return EntityTag.of(json(administrator).without("last_sign_in_at"), administrator.updatedAt());
    }

    private static ObjectNode json(Administrator administrator) {
        return JSON.createObjectNode()
                .put("id", administrator.id())
                .put("name", administrator.name())
                .put("role", administrator.role().wireName())
                .put("created_at", administrator.createdAt().toString())
                .put("updated_at", administrator.updatedAt().toString())
                .put(
                        "last_sign_in_at",
                        administrator.signedInAt().map(Instant::toString).orElse(null));
    }

    private static ObjectNode json(OneTimeLinks.Made made) {
        return JSON.createObjectNode()
                .put("url", made.reveal())
                .put("expires_at", made.expiresAt().toString());
    }
}
