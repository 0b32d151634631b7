package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@code cli.json}: the server writes one into its data folder, {@code jeton login} one into the home folder. */
record CredentialFile(Path path) {

    /** The file that {@code jeton login} writes: below XDG_CONFIG_HOME, otherwise below {@code ~/.config}. */
    static CredentialFile ofLogin(Shell shell) {
        Path config = shell.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute) // the XDG specification ignores relative ones
                .orElseGet(() -> home(shell).resolve(".config"));
        return new CredentialFile(config.resolve("jeton").resolve("cli.json"));
    }

    private static Path home(Shell shell) {
        return Path.of(shell.variable("HOME").orElseGet(() -> System.getProperty("user.home", ".")));
    }

    /** What the file holds, or nothing if there is no such file. */
    Optional<Credentials> read() {
        String content;
        try {
            content = Files.readString(path);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.refused("cannot read the credentials: " + FileTrouble.of(path, e));
        }
        JsonNode json;
        try {
            json = Json.parse(content);
        } catch (JacksonException _) { // its message quotes the file, which holds a secret
            throw Failure.refused("the credentials in " + path + " are not JSON");
        }
        Optional<Path> ca = Optional.of(Json.text(json, "ca"))
                .filter(place -> !place.isEmpty())
                .map(path::resolveSibling);
        return Optional.of(new Credentials(
                ServerAddress.of(required(json, "issuer"), ca),
                required(json, "client_id"),
                new Secret(required(json, "client_secret")),
                path.toString()));
    }

    private String required(JsonNode json, String field) {
        String value = Json.text(json, field);
        if (value.isEmpty()) {
            throw Failure.refused("the credentials in " + path + " lack " + field);
        }
        return value;
    }

    /** Replaces the file as a whole; from its first byte on only its owner can read it. */
    void write(Credentials credentials) {
        ObjectNode json = Json.object()
                .put("issuer", credentials.server().issuer().toString())
                .put("client_id", credentials.clientId())
                .put("client_secret", credentials.secret().reveal());
        credentials
                .server()
                .ca()
                .ifPresent(ca -> json.put("ca", ca.toAbsolutePath().normalize().toString()));
        try {
            Path folder = path.toAbsolutePath().getParent();
            Files.createDirectories(folder, OwnerOnly.folder());
            Path fresh = Files.createTempFile(folder, "cli", ".json", OwnerOnly.file());
            Files.writeString(fresh, Json.pretty(json) + "\n");
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.refused("cannot write the credentials: " + FileTrouble.of(path, e));
        }
    }

    /** Deletes the file; false if there was none. */
    boolean delete() {
        try {
            return Files.deleteIfExists(path);
        } catch (IOException e) {
            throw Failure.refused("cannot delete the credentials: " + FileTrouble.of(path, e));
        }
    }
}
