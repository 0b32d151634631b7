package dev.jeton;

import dev.jeton.client.Client;
import dev.jeton.client.Client.AuthMethod;
import dev.jeton.client.ClientSecret;
import dev.jeton.client.ClientStore;
import dev.jeton.clientgrant.ClientGrant;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Identifiers;
import dev.jeton.oauth.Issuer;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServer.Scope;
import dev.jeton.resourceserver.ResourceServerStore;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.KeyRotation;
import dev.jeton.signingkey.KeyType;
import dev.jeton.storage.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** What a fresh database is given: the system API, signing keys, a client for the command line, a bootstrap client. */
final class FirstStart {
    private static final String SYSTEM_API = "Auth0 Management API";
    private static final String SYSTEM_SCOPES = "/system-api-scopes.txt";

    /** A client and its secret, shown to whoever must keep it. */
    record Credentials(ClientId id, ClientSecret secret) {}

    private final ClientStore clients;
    private final ResourceServerStore resourceServers;
    private final ClientGrantStore clientGrants;
    private final KeyRotation keys;
    private final Identifiers identifiers;
    private final Issuer issuer;

    FirstStart(
            ClientStore clients,
            ResourceServerStore resourceServers,
            ClientGrantStore clientGrants,
            KeyRotation keys,
            Identifiers identifiers,
            Issuer issuer) {
        this.clients = clients;
        this.resourceServers = resourceServers;
        this.clientGrants = clientGrants;
        this.keys = keys;
        this.identifiers = identifiers;
        this.issuer = issuer;
    }

    /**
     * Fills the database if it is fresh; of two nodes that start at once one does.
     *
     * @param keep is given the command line's client before it is committed: a start that is cut off in between is made
     *     good by the next, which makes another; the other way round nobody would have the secret
     * @return whether it was fresh
     */
    boolean fill(Database database, Optional<Credentials> bootstrap, Instant now, Consumer<Credentials> keep) {
        return database.writeAtStart(handle -> {
            keys.ensure(handle, KeyType.RSA);
            if (resourceServers.findSystem(handle).isPresent()) {
                return false;
            }
            ResourceServer system = systemApi(now);
            resourceServers.insert(handle, system);
            bootstrap.ifPresent(
                    credentials -> insertAdministrator(handle, "Bootstrap client", credentials, system, now));
            keep.accept(administrator(handle, "Jeton command line", system, now));
            return true;
        });
    }

    /** Makes one more client with every scope of the system API: for who has lost all others. */
    Credentials recover(Database database, Instant now) {
        return database.write(handle -> administrator(
                handle, "Recovered access", resourceServers.findSystem(handle).orElseThrow(), now));
    }

    private Credentials administrator(Handle handle, String name, ResourceServer system, Instant now) {
        Credentials credentials = new Credentials(identifiers.clientId(), new ClientSecret(identifiers.clientSecret()));
        insertAdministrator(handle, name, credentials, system, now);
        return credentials;
    }

    private void insertAdministrator(
            Handle handle, String name, Credentials credentials, ResourceServer system, Instant now) {
        Client client = new Client(
                credentials.id(),
                name,
                null,
                "non_interactive",
                List.of("client_credentials"),
                AuthMethod.CLIENT_SECRET_POST,
                Map.of(),
                "{}",
                now,
                now);
        clients.insert(handle, client, credentials.secret());
        List<Scope> scopes = Optional.ofNullable(system.scopes()).orElse(List.of());
        clientGrants.insert(
                handle,
                new ClientGrant(
                        identifiers.clientGrantId(),
                        Optional.of(client.id()),
                        system.id(),
                        Optional.of(
                                ScopeSet.of(scopes.stream().map(Scope::value).toList())),
                        ClientGrant.FOR_CLIENTS,
                        "{}",
                        now,
                        now));
    }

    private ResourceServer systemApi(Instant now) {
        return new ResourceServer(
                identifiers.resourceServerId(now),
                issuer.systemAudience(),
                SYSTEM_API,
                systemScopes(),
                SigningAlgorithm.RS256,
                Optional.empty(),
                ResourceServer.DEFAULT_TOKEN_LIFETIME,
                null,
                true,
                "{}",
                now,
                now);
    }

    private static List<Scope> systemScopes() {
        try (InputStream file = FirstStart.class.getResourceAsStream(SYSTEM_SCOPES)) {
            if (file == null) {
                throw new IllegalStateException(SYSTEM_SCOPES + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(scope -> new Scope(scope, inWords(scope)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code read:client_grants} is "Read Client Grants". */
    private static String inWords(String scope) {
        return Arrays.stream(scope.split("[:_]", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }
}
