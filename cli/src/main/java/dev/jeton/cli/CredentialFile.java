package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A file with credentials: {@code cli.json} of a data folder, which has one server's, or the one of {@link Profiles}. */
record CredentialFile(Path path) {
    /** The one server's credentials, or nothing if there is no such file. */
    Optional<Credentials> read() {
        return json().map(json -> credentials(json, path.toString()));
    }

    /** What the file holds, or nothing if there is no such file. */
    Optional<JsonNode> json() {
        try {
            return Optional.of(Json.parse(Files.readString(path)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.refused("cannot read the credentials: " + FileTrouble.of(path, e));
        } catch (JacksonException _) { // its message quotes the file, which holds a secret
            throw Failure.refused("the credentials in " + path + " are not JSON");
        }
    }

    /**
     * Reads one server's credentials.
     *
     * @param source where they stand, for messages
     */
    Credentials credentials(JsonNode json, String source) {
        Optional<Path> ca = Optional.of(Json.text(json, "ca"))
                .filter(place -> !place.isEmpty())
                .map(path::resolveSibling);
        return new Credentials(
                ServerAddress.of(required(json, "issuer", source), ca),
                required(json, "client_id", source),
                new Secret(required(json, "client_secret", source)),
                source);
    }

    private static String required(JsonNode json, String field, String source) {
        String value = Json.text(json, field);
        if (value.isEmpty()) {
            throw Failure.refused("the credentials in " + source + " lack " + field)
                    .mendedBy("store them again: jeton login --url <url> --client-id <id>; for a data folder, see jeton"
                            + " recover");
        }
        return value;
    }

    /** What {@link #credentials} reads. */
    static ObjectNode json(Credentials credentials) {
        ObjectNode json = Json.object()
                .put("issuer", credentials.server().issuer().toString())
                .put("client_id", credentials.clientId())
                .put("client_secret", credentials.secret().reveal());
        credentials
                .server()
                .ca()
                .ifPresent(ca -> json.put("ca", ca.toAbsolutePath().normalize().toString()));
        return json;
    }
}
