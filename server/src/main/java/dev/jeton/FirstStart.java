package dev.jeton;

import dev.jeton.client.Client;
import dev.jeton.client.Client.AuthMethod;
import dev.jeton.client.ClientSecret;
import dev.jeton.client.ClientStore;
import dev.jeton.clientgrant.ClientGrant;
import dev.jeton.clientgrant.ClientGrantStore;
import dev.jeton.management.EntityTag;
import dev.jeton.management.SystemScopes;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * What a fresh database is given: the system API, signing keys, a client for the command line, a bootstrap client; and one of an
 * earlier version: the system API's new scopes.
 */
final class FirstStart {
    /** What the system API has had since clients were noted in {@link OfferedScopesStore}. */
    private static final ScopeSet LATER = ScopeSet.of(
            List.of("read:administrators", "create:administrators", "update:administrators", "delete:administrators"));

    private static final String SYSTEM_API = "Auth0 Management API";

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
     * @param commandLine the client of this machine's command line, if there was a start before
     * @param keep is given the command line's client before it is committed: a start that is cut off in between is made
     *     good by the next, which makes another; the other way round nobody would have the secret
     * @return whether it was fresh
     */
    boolean fill(
            Database database,
            Optional<Credentials> bootstrap,
            Optional<ClientId> commandLine,
            Instant now,
            Consumer<Credentials> keep) {
        return database.writeAtStart(handle -> {
            keys.ensure(handle, KeyType.RSA);
            Optional<ResourceServer> found = resourceServers.findSystem(handle);
            if (found.isPresent()) {
                complete(handle, found.get(), now);
                commandLine.ifPresent(
                        client -> offerNewScopes(handle, client, found.get().id(), now));
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
        return database.write(handle -> {
            complete(handle, resourceServers.findSystem(handle).orElseThrow(), now);
            return administrator(
                    handle,
                    "Recovered access",
                    resourceServers.findSystem(handle).orElseThrow(),
                    now);
        });
    }

    /** Adds the scopes that have come since. */
    private void complete(Handle handle, ResourceServer system, Instant now) {
        List<Scope> scopes =
                new ArrayList<>(Optional.ofNullable(system.scopes()).orElse(List.of()));
        ScopeSet present = ScopeSet.of(scopes.stream().map(Scope::value).toList());
        List<Scope> lacking = systemScopes().stream()
                .filter(scope -> !present.contains(scope.value()))
                .toList();
        if (!lacking.isEmpty()) {
            scopes.addAll(lacking);
            resourceServers.update(
                    handle,
                    new ResourceServer(
                            system.id(),
                            system.audience(),
                            system.name(),
                            scopes,
                            system.signingAlgorithm(),
                            system.signingSecret(),
                            system.tokenLifetime(),
                            system.tokenDialect(),
                            system.isSystem(),
                            system.extraJson(),
                            system.createdAt(),
                            EntityTag.later(system.updatedAt(), now)));
        }
    }

    /**
     * Gives the new scopes to the command line's client, known by this machine's {@code cli.json}, and to nobody else; not if
     * it no longer holds all that it was given before, and each only once: who takes one away does not find it there again.
     */
    private void offerNewScopes(Handle handle, ClientId client, String systemId, Instant now) {
        ScopeSet offered = OfferedScopesStore.find(handle, client).orElseGet(() -> SystemScopes.ALL.without(LATER));
        ScopeSet fresh = SystemScopes.ALL.without(offered);
        if (fresh.isEmpty()) {
            return;
        }
        clientGrants
                .find(handle, client, systemId)
                .filter(grant ->
                        offered.without(grant.scope().orElse(ScopeSet.EMPTY)).isEmpty())
                .ifPresent(grant -> clientGrants.update(handle, with(grant, fresh, now)));
        OfferedScopesStore.put(handle, client, SystemScopes.ALL);
    }

    private static ClientGrant with(ClientGrant grant, ScopeSet more, Instant now) {
        List<String> scopes = new ArrayList<>(grant.scope().orElseThrow().values());
        scopes.addAll(more.values());
        return new ClientGrant(
                grant.id(),
                grant.client(),
                grant.resourceServerId(),
                Optional.of(ScopeSet.of(scopes)),
                grant.subjectType(),
                grant.extraJson(),
                grant.createdAt(),
                EntityTag.later(grant.updatedAt(), now));
    }

    private Credentials administrator(Handle handle, String name, ResourceServer system, Instant now) {
        Credentials credentials = new Credentials(identifiers.clientId(), new ClientSecret(identifiers.clientSecret()));
        insertAdministrator(handle, name, credentials, system, now);
        OfferedScopesStore.put(handle, credentials.id(), SystemScopes.ALL);
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
        return SystemScopes.ALL.values().stream()
                .map(scope -> new Scope(scope, inWords(scope)))
                .toList();
    }

    /** {@code read:client_grants} is "Read Client Grants". */
    private static String inWords(String scope) {
        return Arrays.stream(scope.split("[:_]", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }
}
