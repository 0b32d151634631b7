package dev.jeton;

import dev.jeton.config.ConfigException;
import dev.jeton.config.DurableFile;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code cli.json}: where the command line on this machine finds the server and who it is there. */
record CliCredentials(String issuer, String clientId, String clientSecret, Optional<String> ca) {
    private static final JsonMapper JSON = JsonMapper.shared();

    static void write(Path file, Issuer issuer, FirstStart.Credentials client, Optional<Path> ca) {
        ObjectNode json = JSON.createObjectNode()
                .put("issuer", issuer.value())
                .put("client_id", client.id().value())
                .put("client_secret", client.secret().reveal());
        ca.ifPresent(path -> json.put("ca", path.toString()));
        store(file, json);
    }

    /** Another client at the same place, which is {@code otherwise} if the file does not say. */
    static void replaceClient(Path file, Issuer otherwise, FirstStart.Credentials client) {
        ObjectNode json = Files.exists(file)
                ? (ObjectNode) read(file)
                : JSON.createObjectNode().put("issuer", otherwise.value());
        store(
                file,
                json.put("client_id", client.id().value())
                        .put("client_secret", client.secret().reveal()));
    }

    /** The same client at another place: a new port or another certificate authority locks nobody out. */
    static void move(Path file, Issuer issuer, Optional<Path> ca) {
        if (!Files.exists(file)) {
            return;
        }
        ObjectNode before = (ObjectNode) read(file);
        ObjectNode after = before.deepCopy().put("issuer", issuer.value());
        after.remove("ca");
        ca.ifPresent(path -> after.put("ca", path.toString()));
        if (!after.equals(before)) {
            store(file, after);
        }
    }

    /** Whom the file names; empty before the first start. */
    static Optional<ClientId> findClient(Path file) {
        return Files.isRegularFile(file)
                ? Optional.of(of(file).clientId())
                        .filter(id -> !id.isEmpty() && id.length() <= ClientId.MAX_LENGTH)
                        .map(ClientId::new)
                : Optional.empty();
    }

    static CliCredentials of(Path file) {
        JsonNode json = read(file);
        return new CliCredentials(
                json.path("issuer").asString(),
                json.path("client_id").asString(),
                json.path("client_secret").asString(),
                Optional.ofNullable(json.path("ca").asString(null)));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException(
                    file + " cannot be read (" + e.getMessage() + "): if it is gone, 'jeton recover' makes a new one");
        }
    }

    private static void store(Path file, ObjectNode json) {
        try {
            DurableFile.writePrivate(file, (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigException(
                    file + " cannot be written (" + e.getMessage() + "): make room, or mend the rights of its folder");
        }
    }

    @Override
    public String toString() {
        return "CliCredentials[" + clientId + "]";
    }
}
