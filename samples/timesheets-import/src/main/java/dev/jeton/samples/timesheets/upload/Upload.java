package dev.jeton.samples.timesheets.upload;

import dev.jeton.tokenclient.Token;
import dev.jeton.tokenclient.TokenClient;
import dev.jeton.tokenclient.TokenException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends entries one after the other. What concerns one entry is counted, and the next is sent; what concerns all of them
 * ends the upload. It can be run again then: the API stores each entry once.
 */
final class Upload {
    private static final String TOLD_TO_STOP = "told to stop";
    private static final String UNKNOWN_SCOPE =
            "the Timesheets API does not allow the upload (403), and does not say which scope it needs";

    private final Shell shell;
    private final Settings settings;
    private final TimesheetsApi api;
    private final TokenClient tokens;
    private final Progress progress;
    private final boolean verbose;
    private @Nullable Token latest;

    Upload(Shell shell, Settings settings, TimesheetsApi api, TokenClient tokens, Progress progress, boolean verbose) {
        this.shell = shell;
        this.settings = settings;
        this.api = api;
        this.tokens = tokens;
        this.progress = progress;
        this.verbose = verbose;
    }

    /** @throws StoppedException if it is of no use to go on; the summary holds what was done until then */
    void run(List<Entry> entries, Summary summary) throws StoppedException, InterruptedException {
        for (Entry entry : entries) {
            if (shell.stop().isAsked()) {
                throw new StoppedException(TOLD_TO_STOP);
            }
            count(entry, send(entry, summary), summary);
            progress.show(summary.done(), summary.total());
        }
    }

    /** Sends one entry, again if that may help. */
    private ApiAnswer send(Entry entry, Summary summary) throws StoppedException, InterruptedException {
        Patience patience = new Patience(shell.random());
        boolean discarded = false;
        while (true) {
            Token token = token(patience, summary);
            ApiAnswer answer = api.upload(entry, token);
            if (answer instanceof ApiAnswer.NotNow notNow) {
                pause(patience, notNow.retryAfter(), "the Timesheets API: " + notNow.reason());
            } else if (answer instanceof ApiAnswer.TokenRefused && !discarded) {
                tokens.discard(
                        token); // it may have been withdrawn, or signed with a key that was; once is enough to know
                discarded = true;
            } else {
                return answer;
            }
        }
    }

    private Token token(Patience patience, Summary summary) throws StoppedException, InterruptedException {
        while (true) {
            try {
                Token token = tokens.token();
                if (!token.equals(latest)) {
                    latest = token;
                    summary.tokenFetched();
                }
                return token;
            } catch (TokenException.Unavailable e) {
                pause(patience, Duration.between(shell.clock().instant(), e.nextTry()), reason(e));
            } catch (TokenException e) {
                throw new StoppedException(reason(e));
            }
        }
    }

    private static String reason(TokenException e) {
        return String.valueOf(e.getMessage());
    }

    private void pause(Patience patience, Duration asked, String reason) throws StoppedException, InterruptedException {
        Optional<Duration> time = patience.next(asked.isNegative() ? Duration.ZERO : asked);
        if (time.isEmpty()) {
            throw new StoppedException(reason);
        }
        progress.line("waiting " + time.get().toMillis() + " ms: " + reason);
        if (shell.pause().take(time.get())) {
            throw new StoppedException(TOLD_TO_STOP);
        }
    }

    private void count(Entry entry, ApiAnswer answer, Summary summary) throws StoppedException {
        if (answer instanceof ApiAnswer.Created created) {
            summary.created();
            if (verbose) {
                progress.line("Created timesheet " + created.id() + " for employee " + entry.userId() + ".");
            }
        } else if (answer instanceof ApiAnswer.AlreadyThere) {
            summary.alreadyThere();
        } else if (answer instanceof ApiAnswer.EntryRefused refused) {
            summary.refused(entry, refused.reason());
        } else if (answer instanceof ApiAnswer.TokenRefused refused) {
            throw new StoppedException("the Timesheets API does not take a new token either: " + refused.reason()
                    + "; does it trust " + settings.issuer() + " and tokens for " + settings.audience()
                    + ", and is its clock right?");
        } else if (answer instanceof ApiAnswer.NotAllowed notAllowed) {
            throw new StoppedException(notAllowed.scope().map(this::grant).orElse(UNKNOWN_SCOPE));
        } else if (answer instanceof ApiAnswer.Foreign foreign) {
            throw new StoppedException("what answers at " + settings.api() + " is not the Timesheets API: "
                    + foreign.reason() + "; is TIMESHEETS_URL right?");
        }
    }

    private String grant(String scope) {
        String app = settings.clientId();
        return "the token lacks the scope " + scope + " (403); give it with: jeton grants create --app " + app
                + " --api " + settings.audience() + " --scope " + scope.strip().replaceAll(" +", " --scope ")
                + " (or with jeton grants update, if jeton grants list --app " + app + " shows a grant)";
    }
}
