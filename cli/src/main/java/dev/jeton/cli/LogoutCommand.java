package dev.jeton.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jeton logout}: forgets what {@code jeton login} stored. */
@Command(
        name = "logout",
        description = "Forget a profile that jeton login stored: the current one, or the one of --profile.",
        footer = {"  jeton logout", "  jeton logout --profile staging", "  jeton logout --all"})
final class LogoutCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--all", description = "Forget every profile, whatever is in the file.")
    boolean all;

    LogoutCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Optional<String> named = session.sources().givenProfile();
        if (all) {
            session.sources().profileOption().ifPresent(name -> {
                throw Failure.usage("--all, or the one profile " + name + "?");
            });
            boolean deleted = Profiles.deleteAll(session.shell());
            tell(deleted, deleted ? "Logged out; every profile is deleted." : "Nobody was logged in.");
            return 0;
        }
        Profiles profiles = Profiles.read(session.shell());
        if (profiles.names().isEmpty() && named.isEmpty()) {
            tell(false, "Nobody was logged in.");
            return 0;
        }
        String name = named.or(profiles::current)
                .orElseThrow(() -> Failure.usage("which one? no profile is the current one")
                        .mendedBy("give --profile: " + String.join(", ", profiles.names())));
        String url = Json.text(profiles.json(name), "issuer");
        profiles.remove(name);
        tell(true, "Logged out of " + url + "; profile " + name + " is deleted.");
        if (profiles.current().isEmpty() && !profiles.names().isEmpty()) {
            session.notes()
                    .note("no profile is the current one now; choose with jeton profiles use: "
                            + String.join(", ", profiles.names()));
        }
        return 0;
    }

    private void tell(boolean forgotten, String sentence) {
        if (session.json()) {
            session.output().json(Json.object().put("logged_out", forgotten));
        } else {
            session.output().line(sentence);
        }
    }
}
