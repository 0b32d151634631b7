package dev.jeton.cli;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks for what is new at the server, each second until Ctrl-C; a server that is away is waited for. */
final class Watch {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Session session;

    Watch(Session session) {
        this.session = session;
    }

    /** @param look prints what is new, and tells whether there is more already */
    void with(BooleanSupplier look) {
        boolean unreachable = false;
        boolean goOn = true;
        while (goOn) {
            boolean more = false;
            try {
                more = look.getAsBoolean();
                unreachable = false;
            } catch (Failure failure) {
                if (!failure.isUnreachable()) {
                    throw failure;
                }
                if (!unreachable) { // a restart of the server is no reason to stop, and one line about it is enough
                    session.notes().note(failure.message() + "; waiting for it");
                }
                unreachable = true;
            }
            session.output().flush();
            goOn = more || session.shell().pause().await(BETWEEN_LOOKS);
        }
    }
}
