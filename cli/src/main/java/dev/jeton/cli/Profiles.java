package dev.jeton.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code jeton login} stored: for each profile a server and the credentials for it; one profile is the current one, or
 * none. Each is kept as JSON, so that what is not understood of one is not lost when another is changed.
 */
final class Profiles {
    /** Of who names none, and of a file from before there were names. */
    static final String DEFAULT = "default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String BROKEN = "mend it, or forget all profiles by jeton logout --all and log in again";

    private final CredentialFile file;
    private final ObjectNode profiles;
    private Optional<String> current;

    private Profiles(CredentialFile file, ObjectNode profiles, Optional<String> current) {
        this.file = file;
        this.profiles = profiles;
        this.current = current;
    }

    /** The file's place: below XDG_CONFIG_HOME, otherwise below {@code ~/.config}. */
    private static CredentialFile file(Shell shell) {
        Path config = shell.variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute) // the XDG specification ignores relative ones
                .orElseGet(() -> home(shell).resolve(".config"));
        return new CredentialFile(config.resolve("jeton").resolve("cli.json"));
    }

    private static Path home(Shell shell) {
        return Path.of(shell.variable("HOME").orElseGet(() -> System.getProperty("user.home", ".")));
    }

    /** Those of this user; none if nobody has logged in. */
    static Profiles read(Shell shell) {
        CredentialFile file = file(shell);
        Optional<JsonNode> read;
        try {
            read = file.json();
        } catch (Failure e) {
            throw e.mendedBy(BROKEN);
        }
        if (read.isEmpty()) {
            return new Profiles(file, Json.object(), Optional.empty());
        }
        JsonNode json = read.get();
        if (json.has("issuer")) { // of one server, as it was before there were profiles
            ObjectNode profiles = Json.object();
            profiles.set(DEFAULT, json);
            return new Profiles(file, profiles, Optional.of(DEFAULT));
        }
        if (!(json.get("profiles") instanceof ObjectNode profiles)) {
            throw Failure.refused("there are no profiles in " + file.path()).mendedBy(BROKEN);
        }
        String current = Json.text(json, "current");
        return new Profiles(file, profiles, current.isEmpty() ? Optional.empty() : Optional.of(current));
    }

    /** @throws Failure if it is no name for a profile */
    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Failure.usage("'" + name + "' cannot be the name of a profile: it has 1 to 64 letters, digits, dots,"
                    + " underscores and hyphens, and begins with a letter or a digit");
        }
    }

    Path path() {
        return file.path();
    }

    Optional<String> current() {
        return current;
    }

    List<String> names() {
        return List.copyOf(profiles.propertyNames());
    }

    /** A profile as it is stored, with the secret. */
    JsonNode json(String name) {
        JsonNode found = profiles.get(name);
        if (found == null) {
            throw Failure.usage("there is no profile '" + name + "'")
                    .mendedBy(
                            names().isEmpty()
                                    ? "store it: jeton login --profile " + name + " --url <url> --client-id <id>"
                                    : "there are: " + String.join(", ", names()));
        }
        return found;
    }

    Credentials credentials(String name) {
        return file.credentials(json(name), "profile " + name + " in " + file.path());
    }

    void use(String name) {
        json(name);
        current = Optional.of(name);
        write();
    }

    /** Stores or replaces a profile, which is the current one from then on. */
    void put(String name, Credentials credentials) {
        profiles.set(name, CredentialFile.json(credentials));
        current = Optional.of(name);
        write();
    }

    void remove(String name) {
        json(name);
        profiles.remove(name);
        current = current.filter(other -> !other.equals(name));
        if (profiles.isEmpty()) {
            delete(file);
        } else {
            write();
        }
    }

    /** Replaces the file as a whole; from its first byte on only its owner can read it. */
    private void write() {
        ObjectNode json = Json.object();
        current.ifPresent(name -> json.put("current", name));
        json.set("profiles", profiles);
        try {
            Path folder = Files.createDirectories(path().toAbsolutePath().getParent(), OwnerOnly.folder());
            Path fresh = Files.createTempFile(folder, "cli", ".json", OwnerOnly.file());
            try {
                Files.writeString(fresh, Json.pretty(json) + "\n");
                Files.move(fresh, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh); // a full disk would keep a part of the secrets
            }
        } catch (IOException e) {
            throw Failure.refused("cannot write the credentials: " + FileTrouble.of(path(), e));
        }
    }

    /** Deletes all, whatever is in the file; false if there was none. */
    static boolean deleteAll(Shell shell) {
        return delete(file(shell));
    }

    private static boolean delete(CredentialFile file) {
        try {
            return Files.deleteIfExists(file.path());
        } catch (IOException e) {
            throw Failure.refused("cannot delete the credentials: " + FileTrouble.of(file.path(), e));
        }
    }
}
