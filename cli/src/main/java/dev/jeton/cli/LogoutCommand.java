package dev.jeton.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code jeton logout}: forgets what {@code jeton login} stored. */
@Command(name = "logout", description = "Delete the credentials that jeton login stored.", footer = "  jeton logout")
final class LogoutCommand implements Callable<Integer> {
    private final Session session;

    LogoutCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CredentialFile file = CredentialFile.ofLogin(session.shell());
        boolean deleted = file.delete();
        session.output().line(deleted ? "Logged out; " + file.path() + " is deleted." : "Nobody was logged in.");
        return 0;
    }
}
