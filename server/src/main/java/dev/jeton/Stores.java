package dev.jeton;

import dev.jeton.action.ActionStore;
import dev.jeton.client.ClientStore;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.config.Config;
import dev.jeton.config.DataFolder;
import dev.jeton.config.Secret;
import dev.jeton.extension.ConsoleStore;
import dev.jeton.hook.HookStore;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServerStore;
import dev.jeton.signingkey.KeyGenerator;
import dev.jeton.signingkey.KeyRotation;
import dev.jeton.signingkey.SigningKeyStore;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.storage.Database;
import dev.jeton.storage.Encryption;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The registry on disk, as the server and the commands without a server open it. */
record Stores(
        Encryption encryption,
        ClientStore clients,
        ResourceServerStore resourceServers,
        ClientGrantStore clientGrants,
        SigningKeyStore signingKeys,
        HookStore hooks,
        ActionStore actions,
        ConsoleStore console,
        KeyRotation rotation,
        FirstStart firstStart) {

    /** Opens the database; on a first start the master key is made before there is one. */
    static Database database(Config config, DataFolder folder) {
        if (config.masterKey().isEmpty()) {
            folder.masterKey();
        }
        return switch (config.database()) {
            case Config.Database.Sqlite _ ->
                Database.sqlite(folder.database(), config.threads().workers());
            case Config.Database.PostgreSql(String url, Optional<String> user, Optional<Secret> password) ->
                Database.postgreSql(
                        new Database.PostgreSql(
                                url,
                                user.orElse(null),
                                password.map(secret -> new String(secret.reveal(), StandardCharsets.UTF_8))
                                        .orElse(null)),
                        config.threads().workers());
        };
    }

    /** @param database is migrated */
    static Stores open(
            Config config, DataFolder folder, Database database, ChangeFeed changes, Sources sources, Issuer issuer) {
        Encryption encryption = encryption(config, folder, database, sources);
        Identifiers identifiers = new Identifiers(sources.random());
        ClientStore clients =
                new ClientStore(database, encryption, changes, config.secrets().reveal());
        ResourceServerStore resourceServers = new ResourceServerStore(database, encryption, changes, issuer);
        ClientGrantStore clientGrants = new ClientGrantStore(database, changes);
        SigningKeyStore signingKeys = new SigningKeyStore(database, encryption, changes);
        KeyRotation rotation = new KeyRotation(
                signingKeys,
                new KeyGenerator(identifiers, sources.random(), issuer),
                sources.clock(),
                config.keys().cacheLifetime(),
                // Another node may sign with the old key for as long as it may be stale.
                ResourceServer.MAX_TOKEN_LIFETIME.plus(ChangeFeed.MOST_STALE));
        return new Stores(
                encryption,
                clients,
                resourceServers,
                clientGrants,
                signingKeys,
                new HookStore(database, encryption, changes),
                new ActionStore(database, encryption, changes),
                new ConsoleStore(database),
                rotation,
                new FirstStart(clients, resourceServers, clientGrants, rotation, identifiers, issuer));
    }

    private static Encryption encryption(Config config, DataFolder folder, Database database, Sources sources) {
        if (config.masterKey().isEmpty()) {
            folder.finishReplacement(key -> Encryption.opens(database, key.reveal()));
        }
        Secret masterKey = config.masterKey().orElseGet(folder::masterKey);
        return Encryption.open(database, masterKey.reveal(), sources.random());
    }
}
