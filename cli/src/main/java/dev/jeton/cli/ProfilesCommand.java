package dev.jeton.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code jeton profiles}: what {@code jeton login} stored. */
@Command(
        name = "profiles",
        description = "The servers that jeton login stored: list them, choose the current one.",
        footer = {"  jeton profiles", "  jeton profiles use production"})
final class ProfilesCommand implements Callable<Integer> {
    private final Session session;

    ProfilesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the profiles, without secrets.", footer = "  jeton profiles list")
    int list() {
        Profiles profiles = Profiles.read(session.shell());
        if (session.json()) {
            List<JsonNode> items = new ArrayList<>();
            for (String name : profiles.names()) {
                JsonNode profile = profiles.json(name);
                String ca = Json.text(profile, "ca");
                items.add(Json.object()
                        .put("name", name)
                        .put("url", Json.text(profile, "issuer"))
                        .put("client_id", Json.text(profile, "client_id"))
                        .put("ca", ca.isEmpty() ? null : ca)
                        .put("current", isCurrent(profiles, name)));
            }
            session.output().json(Json.array(items));
            return 0;
        }
        if (profiles.names().isEmpty()) {
            session.output()
                    .line("There are none; jeton login --profile <name> --url <url> --client-id <id> stores one.");
            return 0;
        }
        Table table = Table.headed("PROFILE", "CURRENT", "URL", "CLIENT ID");
        for (String name : profiles.names()) {
            JsonNode profile = profiles.json(name);
            table.row(
                    name,
                    isCurrent(profiles, name) ? "*" : "",
                    Json.text(profile, "issuer"),
                    Json.text(profile, "client_id"));
        }
        session.output().table(table);
        session.shell()
                .variable("JETON_PROFILE")
                .ifPresent(name -> session.output().line("JETON_PROFILE is set: commands use " + name + "."));
        return 0;
    }

    private static boolean isCurrent(Profiles profiles, String name) {
        return profiles.current().filter(name::equals).isPresent();
    }

    @Command(
            name = "use",
            description = "Make a profile the current one, which commands use unless told otherwise.",
            footer = "  jeton profiles use production")
    int use(@Parameters(paramLabel = "NAME", description = "Its name.") String name) {
        Profiles profiles = Profiles.read(session.shell());
        profiles.use(name);
        if (session.json()) {
            session.output().json(Json.object().put("current", name));
            return 0;
        }
        session.output().line(name + " is the current profile: " + Json.text(profiles.json(name), "issuer"));
        return 0;
    }
}
