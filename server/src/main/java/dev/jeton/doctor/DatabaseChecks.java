package dev.jeton.doctor;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.DataFiles;
import dev.jeton.config.Secret;
import dev.jeton.storage.Database;
import dev.jeton.storage.Inspection;
import dev.jeton.storage.Inspection.ImpossibleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The database, and the master key that opens it. */
final class DatabaseChecks {
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(2);
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(60);

    private final Setup setup;

    DatabaseChecks(Setup setup) {
        this.setup = setup;
    }

    List<Check> all() {
        return List.of(new Check("database", this::database), new Check("master key", () -> List.of(masterKey())));
    }

    /** Empty if there is no database yet. */
    private Optional<Inspection> open() throws ImpossibleException, AccessDeniedException {
        return switch (setup.config().database()) {
            case Config.Database.Sqlite _ -> {
                Path file = setup.files().database();
                yield setup.exists(file) ? Optional.of(Inspection.sqlite(file)) : Optional.empty();
            }
            case Config.Database.PostgreSql(String url, Optional<String> user, Optional<Secret> password) ->
                Optional.of(Inspection.postgreSql(new Database.PostgreSql(
                        url,
                        user.orElse(null),
                        password.map(secret -> new String(secret.reveal(), StandardCharsets.UTF_8))
                                .orElse(null))));
        };
    }

    private String place() {
        return switch (setup.config().database()) {
            case Config.Database.Sqlite _ -> setup.files().database().toString();
            case Config.Database.PostgreSql(String url, Optional<String> _, Optional<Secret> _) -> url;
        };
    }

    private List<Finding> database() throws IOException {
        Optional<Inspection> opened;
        try {
            opened = open();
        } catch (ImpossibleException e) {
            return List.of(Finding.fail(place() + ": " + e.getMessage(), e.mend()));
        }
        if (opened.isEmpty()) {
            return List.of(Finding.ok(place() + " does not exist yet; the first start makes it"));
        }
        try (Inspection inspection = opened.get()) {
            List<Finding> findings = new ArrayList<>();
            findings.add(schema(place(), inspection.schemaVersion()));
            if (setup.config().database() instanceof Config.Database.PostgreSql) {
                findings.addAll(postgreSql(inspection));
            }
            return findings;
        } catch (ImpossibleException e) {
            return List.of(Finding.fail(place() + ": " + e.getMessage(), e.mend()));
        }
    }

    static Finding schema(String place, Optional<Integer> found) {
        int version = found.orElse(0);
        if (version > Inspection.NEWEST_SCHEMA) {
            return Finding.fail(
                    place + " has schema version " + version + ", and this Jeton knows versions up to "
                            + Inspection.NEWEST_SCHEMA,
                    "start the newer Jeton that wrote it, or restore an older backup");
        }
        if (version == Inspection.NEWEST_SCHEMA) {
            return Finding.ok(place + " has schema version " + version + ", the newest");
        }
        return version == 0
                ? Finding.ok(place + " is empty; the first start makes its tables")
                : Finding.warn(
                        place + " has schema version " + version + "; the next start brings it to "
                                + Inspection.NEWEST_SCHEMA + ", and an older Jeton then refuses it",
                        "make a backup before that start");
    }

    private List<Finding> postgreSql(Inspection inspection) throws ImpossibleException {
        List<Finding> findings = new ArrayList<>();
        if (inspection.isStandby()) {
            findings.add(Finding.fail(
                    "PostgreSQL " + inspection.serverVersion() + " there is a standby, which takes no changes",
                    "name the primary in db.url"));
        } else {
            findings.add(
                    inspection.mayCreate()
                            ? Finding.ok("PostgreSQL " + inspection.serverVersion() + "; this user may make tables")
                            : Finding.fail(
                                    "PostgreSQL " + inspection.serverVersion()
                                            + "; this user may not make tables, which"
                                            + " the first start and each day of the audit log take",
                                    "grant usage, create on schema public to the user of db.user"));
        }
        Instant before = setup.clock().instant();
        Instant there = inspection.now();
        Instant after = setup.clock().instant();
        findings.add(clocks(before.plus(Duration.between(before, after).dividedBy(2)), there));
        return findings;
    }

    static Finding clocks(Instant here, Instant there) {
        Duration difference = Duration.between(here, there).abs();
        String text = "its clock and this machine's differ by " + difference.toMillis() + " ms";
        String cure = "run NTP on both machines; one of the two is wrong";
        if (difference.compareTo(CLOCKS_AGREE) <= 0) {
            return Finding.ok(text);
        }
        return difference.compareTo(CLOCKS_DIFFER) <= 0 ? Finding.warn(text, cure) : Finding.fail(text, cure);
    }

    private record NamedKey(String name, Secret key) {}

    private Finding masterKey() throws IOException {
        List<NamedKey> keys = new ArrayList<>();
        try {
            if (setup.config().masterKey().isPresent()) {
                keys.add(
                        new NamedKey("the key given", setup.config().masterKey().get()));
            } else {
                for (Path file :
                        List.of(setup.files().masterKey(), setup.files().pendingKey())) {
                    if (setup.exists(file)) {
                        keys.add(new NamedKey(file.toString(), DataFiles.key(file)));
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            return Finding.fail(
                    "a key in " + setup.files().folder() + ": " + e.getMessage(), "restore it from a backup");
        } catch (IOException e) {
            return Finding.fail(
                    "a key in " + setup.files().folder() + " cannot be read (" + ConfigException.reason(e) + ")",
                    "run doctor as the user that the server runs as, and give it the file with chown");
        }
        try {
            Optional<Inspection> opened = open();
            return opened.isEmpty() ? first(keys) : fitting(keys, opened.get());
        } catch (ImpossibleException _) {
            return Finding.warn("not tried, as the database cannot be read", "mend the database first");
        }
    }

    private Finding first(List<NamedKey> keys) {
        if (!keys.isEmpty()) {
            return Finding.ok(keys.getFirst().name() + " will encrypt the database, in which there is nothing yet");
        }
        return switch (setup.config().database()) {
            case Config.Database.Sqlite _ ->
                Finding.ok("made by the first start, in " + setup.files().masterKey());
            case Config.Database.PostgreSql _ -> none();
        };
    }

    private static Finding none() {
        return Finding.fail(
                "there is none, and without it nothing in the database can be read",
                "set JETON_MASTER_KEY or JETON_MASTER_KEY_FILE, or restore master.key from where you keep it");
    }

    private Finding fitting(List<NamedKey> keys, Inspection opened) throws ImpossibleException {
        try (Inspection inspection = opened) {
            if (inspection.schemaVersion().isEmpty()) {
                return first(keys);
            }
            if (keys.isEmpty()) {
                return none();
            }
            boolean isPending = keys.size() > 1;
            for (NamedKey key : keys) {
                if (inspection.opens(key.key().reveal()).orElse(true)) {
                    return isPending ? pending(key) : Finding.ok(key.name() + " opens the database");
                }
            }
            return Finding.fail(
                    keys.getFirst().name() + " does not open the database"
                            + (isPending ? ", nor does the pending one" : ""),
                    "give the key that it was made with: see where you keep master.key, JETON_MASTER_KEY and"
                            + " JETON_MASTER_KEY_FILE; if it is lost, so are signing keys and secrets");
        }
    }

    private static Finding pending(NamedKey fitting) {
        return Finding.warn(
                fitting.name() + " opens the database, and there are two: a rewrap was cut off",
                "start the server, which keeps the one that fits");
    }
}
