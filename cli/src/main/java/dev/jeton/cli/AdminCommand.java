package dev.jeton.cli;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code jeton admin}: the people who sign in to the dashboard. */
@Command(
        name = "admin",
        description = "Administrators of the dashboard: list, invite, reset, links, withdraw.",
        footer = "  jeton admin invite --role editor")
final class AdminCommand {
    private static final String ADMINISTRATORS = "administrators";
    private static final String LINKS = ADMINISTRATORS + "/links";

    private final Session session;

    AdminCommand(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "List the administrators.", footer = "  jeton admin list")
    int list() {
        JsonNode administrators = administrators("list the administrators");
        if (session.json()) {
            session.output().json(administrators);
            return 0;
        }
        Table table = Table.headed("NAME", "ROLE", "LAST SIGN-IN", "ID");
        for (JsonNode administrator : administrators.values()) {
            table.row(
                    Json.text(administrator, "name"),
                    Json.text(administrator, "role"),
                    Moment.of(Json.text(administrator, "last_sign_in_at")),
                    Json.text(administrator, "id"));
        }
        session.output().table(table);
        return 0;
    }

    @Command(
            name = "invite",
            description = "Make a link with which one person becomes an administrator.",
            footer = "  jeton admin invite --role editor")
    int invite(
            @Option(
                            names = "--role",
                            required = true,
                            paramLabel = "ROLE",
                            completionCandidates = Choices.Roles.class,
                            description = "What the person may do: viewer, editor or owner.")
                    String role) {
        JsonNode invitation = session.api()
                .post(
                        "invite an administrator",
                        ApiPath.of(ADMINISTRATORS + "/invitations"),
                        Json.object().put("role", role));
        show(invitation, "Who opens this link becomes an administrator with the role " + role);
        return 0;
    }

    @Command(
            name = "reset",
            description = "Make a link with which an administrator sets a new password.",
            footer = "  jeton admin reset ada")
    int reset(@Parameters(paramLabel = "NAME", description = "The administrator's name.") String name) {
        String goal = "reset the password of " + name;
        JsonNode reset = session.api()
                .post(goal, ApiPath.of(ADMINISTRATORS).segment(id(goal, name)).then("reset"));
        show(reset, "Who opens this link sets a new password for " + name);
        return 0;
    }

    @Command(
            name = "links",
            description = "List the links of invitations and resets that nobody has used yet.",
            footer = "  jeton admin links")
    int links() {
        JsonNode links = session.api().get("list the links", ApiPath.of(LINKS));
        if (session.json()) {
            session.output().json(links);
            return 0;
        }
        Table table = Table.headed("FOR", "ROLE", "MADE BY", "MADE", "UNTIL", "ID");
        for (JsonNode link : links.values()) {
            table.row(
                    Json.text(link, "purpose").equals("reset") ? "reset of " + Json.text(link, "name") : "invitation",
                    Json.text(link, "role"),
                    maker(link.path("made_by")),
                    Moment.of(Json.text(link, "made_at")),
                    link.path("usable").asBoolean() ? Moment.of(Json.text(link, "expires_at")) : "void",
                    Json.text(link, "id"));
        }
        session.output().table(table);
        return 0;
    }

    private static String maker(JsonNode by) {
        return by.has("client_id") ? "client " + Json.text(by, "client_id") : Json.text(by, "user_name");
    }

    @Command(
            name = "withdraw",
            description = "Make a link void that nobody has used yet.",
            footer = "  jeton admin withdraw lnk_5f0c1a9b7e24d8366a1c0b92")
    int withdraw(@Parameters(paramLabel = "ID", description = "Its id, from jeton admin links.") String id) {
        session.api().delete("withdraw the link", ApiPath.of(LINKS).segment(id));
        if (session.json()) {
            session.output().json(Json.object().put("deleted", id));
        } else {
            session.output().line("The link " + id + " is void.");
        }
        return 0;
    }

    /** Of whoever has that name in any case, of which there is one at most. */
    private String id(String goal, String name) {
        for (JsonNode administrator : administrators(goal).values()) {
            if (Json.text(administrator, "name").toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return Json.text(administrator, "id");
            }
        }
        throw Failure.refused("cannot " + goal + ": there is no administrator of that name")
                .mendedBy("see the names with jeton admin list");
    }

    private JsonNode administrators(String goal) {
        return session.api().get(goal, ApiPath.of(ADMINISTRATORS));
    }

    private void show(JsonNode link, String what) {
        if (session.json()) {
            session.output().json(link);
            return;
        }
        session.output()
                .line(what + ", once, until " + Moment.of(Json.text(link, "expires_at")) + ". Show it to nobody else:");
        session.output().line("  " + Json.text(link, "url"));
    }
}
