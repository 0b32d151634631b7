package dev.jeton.administrator;

import dev.jeton.administrator.AdministratorStore.Account;
import dev.jeton.administrator.PasswordWork.Asker;
import dev.jeton.administrator.Sessions.SignedIn;
import dev.jeton.http.ApiError;
import dev.jeton.http.Handler;
import dev.jeton.http.Request;
import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Runs;
import dev.jeton.management.Fields;
import dev.jeton.management.Schema;
import dev.jeton.oauth.Identifiers;
import dev.jeton.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /dashboard/links}: what a one-time link is for, and its use. */
final class LinkEndpoint {
    private static final String OWNER = "LinkEndpoint";
    private static final String RULE_OF_NAMES =
            "A name has 1 to " + Administrator.MAX_NAME + " letters, digits, dots, underscores, hyphens and at signs";
    private static final int LONGEST_READ = 256;
    /** All links are counted as one name. */
    private static final String ANY = "";

    private static final Schema LOOK = Schema.object().require(Schema.text(1, LONGEST_READ), "token");
    private static final Schema REDEEM = Schema.object()
            .require(Schema.text(1, LONGEST_READ), "token")
            .with(Schema.text(1, LONGEST_READ), "name")
            .require(Schema.text(Password.MIN_LENGTH, Password.MAX_LENGTH), "password");

    /** A link that is still good, and whose password it resets. */
    private record Found(SecretToken token, OneTimeLink link, Optional<Administrator> of) {}

    private final Database database;
    private final OneTimeLinks links;
    private final AdministratorStore administrators;
    private final Sessions sessions;
    private final SignIns signIns;
    private final Passwords passwords;
    private final FailedSignIns failed;
    private final PasswordWork work;
    private final ForgeryCheck forgeries;
    private final DashboardAnswers answers;
    private final Identifiers identifiers;
    private final InstantSource clock;

    /** @param failed counts for links alone: who opens one may just have failed to sign in */
    LinkEndpoint(
            Database database,
            OneTimeLinks links,
            AdministratorStore administrators,
            Sessions sessions,
            SignIns signIns,
            Passwords passwords,
            FailedSignIns failed,
            PasswordWork work,
            ForgeryCheck forgeries,
            DashboardAnswers answers,
            Identifiers identifiers,
            InstantSource clock) {
        this.database = database;
        this.links = links;
        this.administrators = administrators;
        this.sessions = sessions;
        this.signIns = signIns;
        this.passwords = passwords;
        this.failed = failed;
        this.work = work;
        this.forgeries = forgeries;
        this.answers = answers;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    void mount(Router router) {
        router.add(DashboardAnswers.route(
                "POST", "/dashboard/links/look", Runs.ON_WORKER, OWNER, answering(LOOK, this::look)));
        router.add(DashboardAnswers.route(
                "POST", "/dashboard/links/redeem", Runs.ON_WORKER, OWNER, answering(REDEEM, this::redeem)));
    }

    /** What a good link leads to. */
    @FunctionalInterface
    private interface Use {
        CompletionStage<Response> of(Request request, Fields fields, Found found);
    }

    /** Whoever asks for what is no link waits after some attempts, since each of them reads the database. */
    private Handler answering(Schema schema, Use use) {
        return request -> {
            forgeries.requireOwnPage(request);
            Fields fields = Fields.of(request, schema);
            String token = fields.requireString("token", 1, LONGEST_READ);
            Optional<Duration> wait = failed.begin(request.address(), ANY);
            if (wait.isPresent()) {
                return CompletableFuture.completedFuture(DashboardAnswers.tooManyAttempts(wait.get()));
            }
            return use.of(request, fields, find(request, token));
        };
    }

    private CompletionStage<Response> look(Request request, Fields fields, Found found) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("purpose", found.link().purpose().wireName());
        json.put(
                "role",
                found.link()
                        .role()
                        .or(() -> found.of().map(Administrator::role))
                        .orElseThrow()
                        .wireName());
        json.put("name", found.of().map(Administrator::name).orElse(null));
        json.put("expires_at", found.link().expiresAt().map(Instant::toString).orElse(null));
        return CompletableFuture.completedFuture(DashboardAnswers.json(json));
    }

    /** The attempt has failed if there is none; not if nobody could look. */
    private Found find(Request request, String text) {
        Optional<Found> found;
        try {
            found = SecretToken.parse(text)
                    .flatMap(token -> database.<Optional<Found>, RuntimeException>read(handle -> find(handle, token)));
        } catch (RuntimeException undecided) {
            failed.withdraw(request.address(), ANY);
            throw undecided;
        }
        found.ifPresent(_ -> failed.withdraw(request.address(), ANY));
        return found.orElseThrow(() -> noSuchLink().exception());
    }

    private Optional<Found> find(Handle handle, SecretToken token) {
        return links.find(handle, token, now())
                .map(link -> new Found(
                        token,
                        link,
                        link.administratorId()
                                .flatMap(id -> administrators.find(handle, id))
                                .map(Account::administrator)));
    }

    private static ApiError noSuchLink() {
        return new ApiError(
                404, "There is no such link: it was used, has expired or never was; ask for a new one", "no_such_link");
    }

    /** A link that is not good takes no hash: strangers have no way to the thread where administrators sign in. */
    private CompletionStage<Response> redeem(Request request, Fields fields, Found found) {
        Purpose purpose = found.link().purpose();
        Optional<String> name = name(fields, purpose);
        Password password = new Password(fields.requireString("password", Password.MIN_LENGTH, Password.MAX_LENGTH));
        return work.answer(Asker.quiet(found.token().digest()), () -> {
            PasswordHash hash = passwords.hash(password);
            return signIns.redeem(
                            request,
                            found.token(),
                            handle -> purpose == Purpose.RESET
                                    ? reset(
                                            handle,
                                            found.link().administratorId().orElseThrow(),
                                            hash)
                                    : join(
                                            handle,
                                            fields,
                                            name.orElseThrow(),
                                            found.link().role().orElseThrow(),
                                            hash),
                            purpose)
                    .map(this::signedIn)
                    .orElseGet(() -> DashboardAnswers.refusal(noSuchLink()));
        });
    }

    private Response signedIn(SignedIn signedIn) {
        return SessionCookie.set(answers.session(signedIn, sessions.end(signedIn.session())), signedIn.token());
    }

    private static Optional<String> name(Fields fields, Purpose purpose) {
        Optional<String> name = fields.string("name", 1, LONGEST_READ);
        switch (purpose) {
            case FIRST, INVITATION -> {
                if (!Administrator.isName(name.orElseThrow(() -> fields.missing("name")))) {
                    throw fields.invalid(RULE_OF_NAMES, "name");
                }
            }
            case RESET -> {
                if (name.isPresent()) {
                    throw fields.invalid("A new password changes no name; leave it out", "name");
                }
            }
        }
        return name;
    }

    private Account join(Handle handle, Fields fields, String name, Role role, PasswordHash hash) {
        if (administrators.findByName(handle, name).isPresent()) {
            throw fields.invalid("An administrator has this name already; choose another", "name");
        }
        if (administrators.count(handle) >= Administrator.MOST) {
            throw new ApiError(
                            409,
                            "There are " + Administrator.MOST + " administrators, as many as there can be",
                            "too_many_administrators")
                    .exception();
        }
        Instant now = now();
        return new Account(
                new Administrator(identifiers.administratorId(), name, role, now, now, Optional.of(now)), hash);
    }

    private Account reset(Handle handle, String id, PasswordHash hash) {
        return new Account(administrators.find(handle, id).orElseThrow().administrator(), hash);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
