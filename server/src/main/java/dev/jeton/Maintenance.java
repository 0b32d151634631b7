package dev.jeton;

import dev.jeton.config.Config;
import dev.jeton.config.ConfigException;
import dev.jeton.config.ConfigReader;
import dev.jeton.config.DataFolder;
import dev.jeton.config.Secret;
import dev.jeton.oauth.Issuer;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import dev.jeton.storage.Migrations;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What is done to a database without its server: {@code jeton recover} and {@code jeton rewrap}. */
final class Maintenance {
    private static final String NEW_KEY_FILE = "JETON_NEW_MASTER_KEY_FILE";

    private final Config config;
    private final Sources sources;

    Maintenance(Config config, Sources sources) {
        this.config = config;
        this.sources = sources;
    }

    /** Makes a client with every scope of the system API, and has the command line use it. */
    void recover(PrintStream out) {
        withDatabase((folder, database) -> {
            Issuer issuer = config.issuerAt(config.http().port());
            FirstStart.Credentials client = Stores.open(
                            config, folder, database, new ChangeFeed(database, sources.clock()), sources, issuer)
                    .firstStart()
                    .recover(database, sources.clock().instant());
            CliCredentials.replaceClient(folder.cliCredentials(), issuer, client);
            out.println("Made client " + client.id() + " with every scope of the system API; its secret is in "
                    + folder.cliCredentials() + ", where the command line finds it.");
        });
    }

    /** Encrypts the database's keysets with another master key. */
    void rewrap(Map<String, String> environment, PrintStream out) {
        Optional<Secret> given = newMasterKey(environment);
        if (config.masterKey().isPresent() != given.isPresent()) {
            throw new ConfigException(
                    config.masterKey().isPresent()
                            ? "rewrap: the present master key was given, so the new one must be too: put 32 bytes in"
                                    + " base64 into a file and name it in " + NEW_KEY_FILE
                            : "rewrap: " + NEW_KEY_FILE
                                    + " goes with a master key that was given; without it the one in"
                                    + " the data folder is replaced by a fresh one");
        }
        withDatabase((folder, database) -> {
            if (config.masterKey().isPresent()) {
                Encryption.rewrap(
                        database,
                        config.masterKey().get().reveal(),
                        given.orElseThrow().reveal());
                out.println("The database is encrypted with the new master key; start every node with it.");
            } else {
                folder.finishReplacement(key -> Encryption.opens(database, key.reveal()));
                byte[] present = folder.masterKey().reveal();
                folder.replaceMasterKey(fresh -> Encryption.rewrap(database, present, fresh.reveal()));
                out.println("The database is encrypted with a new master key, which stands in master.key;"
                        + " backups made before need the old one.");
            }
        });
    }

    /** Read as the present one is: the same checks, the same words. */
    private static Optional<Secret> newMasterKey(Map<String, String> environment) {
        String file = environment.get(NEW_KEY_FILE);
        if (file == null) {
            return Optional.empty();
        }
        Map<String, String> asPresent = Map.of("JETON_MASTER_KEY_FILE", file);
        return ConfigReader.read(new String[0], asPresent).masterKey();
    }

    private void withDatabase(BiConsumer<DataFolder, Database> work) {
        try (DataFolder folder = DataFolder.open(config.data(), sources.random());
                Database database = Stores.database(config, folder)) {
            Migrations.run(database);
            if (!Encryption.isIn(database)) {
                throw new ConfigException(
                        "no server has started on this database yet, so there is nothing to recover or"
                                + " rewrap: give the --data or --db-url of the server that you mean.");
            }
            work.accept(folder, database);
        }
    }
}
