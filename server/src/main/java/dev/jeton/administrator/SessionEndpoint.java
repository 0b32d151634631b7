package dev.jeton.administrator;

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
import dev.jeton.storage.ChangeFeed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /dashboard/session}: signing in and out, and one's own password. */
final class SessionEndpoint {
    private static final String OWNER = "SessionEndpoint";
    private static final String PATH = "/dashboard/session";
    private static final int LONGEST_NAME_READ = 256;
    /** What is no name, nobody has: so all of them are counted as one. */
    private static final String NO_NAME = "";

    private static final Schema CREDENTIALS = Schema.object()
            .require(Schema.text(1, LONGEST_NAME_READ), "name")
            .require(Schema.text(1, Password.MAX_LENGTH), "password");
    private static final Schema CHANGE = Schema.object()
            .require(Schema.text(1, Password.MAX_LENGTH), "current")
            .require(Schema.text(Password.MIN_LENGTH, Password.MAX_LENGTH), "new");

    private final Sessions sessions;
    private final SignIns signIns;
    private final FailedSignIns failed;
    private final PasswordWork work;
    private final ForgeryCheck forgeries;
    private final ChangeFeed registry;
    private final DashboardAnswers answers;

    SessionEndpoint(
            Sessions sessions,
            SignIns signIns,
            FailedSignIns failed,
            PasswordWork work,
            ForgeryCheck forgeries,
            ChangeFeed registry,
            DashboardAnswers answers) {
        this.sessions = sessions;
        this.signIns = signIns;
        this.failed = failed;
        this.work = work;
        this.forgeries = forgeries;
        this.registry = registry;
        this.answers = answers;
    }

    void mount(Router router) {
        router.add(DashboardAnswers.route("GET", PATH, Runs.ON_WORKER, OWNER, Handler.of(this::show)));
        router.add(DashboardAnswers.route("POST", PATH, Runs.ON_EVENT_LOOP, OWNER, this::signIn));
        router.add(DashboardAnswers.route("DELETE", PATH, Runs.ON_WORKER, OWNER, Handler.of(this::signOut)));
        router.add(DashboardAnswers.route("POST", PATH + "/password", Runs.ON_EVENT_LOOP, OWNER, this::changePassword));
    }

    private Response show(Request request) {
        SignedIn signedIn = require(request);
        sessions.noteUse(request);
        return answers.session(signedIn, sessions.end(signedIn.session()));
    }

    private SignedIn require(Request request) {
        if (!registry.isCurrent()) {
            throw new ApiError(503, "The server has lost sight of its database; try again", "temporarily_unavailable")
                    .exception();
        }
        return sessions.signedIn(request)
                .orElseThrow(() -> Sessions.notSignedIn().exception());
    }

    private CompletionStage<Response> signIn(Request request) {
        forgeries.requireOwnPage(request);
        Fields fields = Fields.of(request, CREDENTIALS);
        String sent = fields.requireString("name", 1, LONGEST_NAME_READ);
        String name = Administrator.isName(sent) ? Administrator.key(sent) : NO_NAME;
        Password password = new Password(fields.requireString("password", 1, Password.MAX_LENGTH));
        return attempt(
                failed.begin(request.address(), name),
                failed.asker(request.address()),
                () -> failed.withdraw(request.address(), name),
                () -> signIns.signIn(request, name, password).map(signedIn -> {
                    failed.signedIn(request.address());
                    return SessionCookie.set(
                            answers.session(signedIn, sessions.end(signedIn.session())), signedIn.token());
                }),
                () -> new ApiError(401, "The name or the password is wrong", "invalid_credentials"));
    }

    private CompletionStage<Response> changePassword(Request request) {
        SignedIn signedIn = require(request);
        Fields fields = Fields.of(request, CHANGE);
        Password current = new Password(fields.requireString("current", 1, Password.MAX_LENGTH));
        Password next = new Password(fields.requireString("new", Password.MIN_LENGTH, Password.MAX_LENGTH));
        Administrator who = signedIn.administrator();
        BooleanSupplier change = () -> signIns.changePassword(request, signedIn, current, next);
        return attempt(
                        failed.beginChange(who.id()),
                        Asker.quiet(who.id()),
                        () -> failed.withdrawChange(who.id()),
                        () -> change.getAsBoolean() ? Optional.of(DashboardAnswers.noContent()) : Optional.empty(),
                        () -> new ApiError(400, "The password in 'current' is wrong", "invalid_credentials"))
                .thenApply(answer -> answer.by(who.id(), who.name()));
    }

    /** Checks a password unless one has to wait; an attempt that came to no decision is withdrawn as one that succeeded. */
    private CompletionStage<Response> attempt(
            Optional<Duration> wait,
            Asker asker,
            Runnable withdraw,
            Supplier<Optional<Response>> check,
            Supplier<ApiError> refusal) {
        if (wait.isPresent()) {
            return CompletableFuture.completedFuture(DashboardAnswers.tooManyAttempts(wait.get()));
        }
        return work.answer(asker, () -> check.get().orElseGet(() -> DashboardAnswers.refusal(refusal.get())))
                .whenComplete((answer, fault) -> {
                    if (fault != null || answer.status() < 400) {
                        withdraw.run();
                    }
                });
    }

    private Response signOut(Request request) {
        SignedIn signedIn = require(request);
        signIns.signOut(request, signedIn);
        return SessionCookie.clear(DashboardAnswers.noContent())
                .by(signedIn.administrator().id(), signedIn.administrator().name());
    }
}
