package dev.jeton.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code jeton keys}: the keys that sign tokens. */
@Command(name = "keys", description = "Signing keys: list, rotate, revoke.", footer = "  jeton keys rotate --alg ES256")
final class KeysCommand {
    private static final String SIGNING_KEYS = "keys/signing";

    private final Session session;

    KeysCommand(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "List the signing keys.", footer = "  jeton keys list")
    int list() {
        JsonNode keys = session.api().get("list the signing keys", ApiPath.of(SIGNING_KEYS));
        if (session.json()) {
            session.output().json(keys);
            return 0;
        }
        Table table = Table.headed("ALG", "KEY ID", "STATE", "CURRENT SINCE", "UNTIL");
        for (JsonNode key : keys.values()) {
            String revokedAt = Json.text(key, "revoked_at");
            table.row(
                    Json.text(key, "alg"),
                    Json.text(key, "kid"),
                    state(key),
                    Moment.of(Json.text(key, "current_since")),
                    Moment.of(revokedAt.isEmpty() ? Json.text(key, "current_until") : revokedAt));
        }
        session.output().table(table);
        return 0;
    }

    @Command(
            name = "rotate",
            description = "Sign with the next key from now on; APIs know it already.",
            footer = "  jeton keys rotate --alg ES256")
    int rotate(
            @Option(
                            names = "--alg",
                            paramLabel = "ALG",
                            completionCandidates = Choices.KeyAlgorithms.class,
                            description = "Whose key: RS256 (the default), ES256 or EdDSA.")
                    @Nullable
                    String alg,
            @Option(
                            names = "--force",
                            description = "Even if the next key is so new that APIs may not have fetched it yet.")
                    boolean force) {
        ApiPath path = ApiPath.of(SIGNING_KEYS + "/rotate");
        path = alg == null ? path : path.with("alg", alg);
        path = force ? path.with("force", "true") : path;
        JsonNode key = session.api().post("rotate the signing key", path);
        if (session.json()) {
            session.output().json(key);
            return 0;
        }
        session.output()
                .line((alg == null ? "RS256" : alg) + " tokens are signed with key " + Json.text(key, "kid")
                        + " from now on.");
        session.output().line("Tokens of the key before stay valid; to end them: jeton keys revoke <key id>");
        return 0;
    }

    @Command(
            name = "revoke",
            description = "End every token that a previous key signed.",
            footer = "  jeton keys revoke Yk3_vT0pZ9qLx-7RmB2wC")
    int revoke(@Parameters(paramLabel = "KID", description = "The key id.") String kid) {
        JsonNode key = session.api()
                .put(
                        "revoke the signing key",
                        ApiPath.of(SIGNING_KEYS).segment(kid).then("revoke"));
        if (session.json()) {
            session.output().json(key);
        } else {
            session.output()
                    .line("Key " + kid + " is revoked; APIs refuse its tokens as soon as they fetch the keys again.");
        }
        return 0;
    }

    private static String state(JsonNode key) {
        if (key.path("revoked").asBoolean(false)) {
            return "revoked";
        }
        List<String> states = new ArrayList<>();
        for (String state : List.of("current", "next", "previous")) {
            if (key.path(state).asBoolean(false)) {
                states.add(state);
            }
        }
        return String.join(" ", states);
    }
}
