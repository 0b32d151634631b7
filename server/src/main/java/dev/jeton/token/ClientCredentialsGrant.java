package dev.jeton.token;

import dev.jeton.client.Client;
import dev.jeton.clientgrant.ClientGrants;
import dev.jeton.extension.Decision;
import dev.jeton.oauth.OAuthError.AudienceDemandsMore;
import dev.jeton.oauth.OAuthError.AudienceMissing;
import dev.jeton.oauth.OAuthError.AudienceNotGranted;
import dev.jeton.oauth.OAuthError.AudienceUnknown;
import dev.jeton.oauth.OAuthError.GrantTypeMissing;
import dev.jeton.oauth.OAuthError.GrantTypeNotAllowed;
import dev.jeton.oauth.OAuthError.GrantTypeNotSupported;
import dev.jeton.oauth.OAuthError.ScopeNotGranted;
import dev.jeton.oauth.OAuthException;
import dev.jeton.oauth.ScopeSet;
import dev.jeton.resourceserver.ResourceServer;
import dev.jeton.resourceserver.ResourceServers;
import java.util.Map;
import java.util.Optional;

/** The client credentials grant, RFC 6749 §4.4. What an authenticated client may have is decided here only. */
final class ClientCredentialsGrant {
    static final String GRANT_TYPE = "client_credentials";

    /**
     * What a client gets.
     *
     * @param customClaims what users' code added, each as JSON text
     */
    record Access(Client client, ResourceServer resourceServer, ScopeSet scope, Map<String, String> customClaims) {
        Access decidedBy(Decision.Allowed decision) {
            return new Access(client, resourceServer, decision.scope(), decision.claims());
        }
    }

    private final ResourceServers resourceServers;
    private final ClientGrants clientGrants;
    private final Optional<String> defaultAudience;

    ClientCredentialsGrant(
            ResourceServers resourceServers, ClientGrants clientGrants, Optional<String> defaultAudience) {
        this.resourceServers = resourceServers;
        this.clientGrants = clientGrants;
        this.defaultAudience = defaultAudience;
    }

    /**
     * Grants the audience asked for, or the default one, with the scope asked for or, if none was, all that is granted.
     *
     * @throws OAuthException if the grant type is not this one or not the client's, if there is no such audience, or if
     *     the client holds no grant for it or not for that scope; checked in this order
     */
    Access decide(Client client, TokenRequest request) {
        String grantType = request.grantType().orElseThrow(() -> new OAuthException(new GrantTypeMissing()));
        if (!grantType.equals(GRANT_TYPE)) {
            throw new OAuthException(new GrantTypeNotSupported(grantType));
        }
        if (!client.mayUse(GRANT_TYPE)) {
            throw new OAuthException(new GrantTypeNotAllowed(GRANT_TYPE));
        }
        String audience = request.audience()
                .or(() -> defaultAudience)
                .orElseThrow(() -> new OAuthException(new AudienceMissing()));
        ResourceServer resourceServer =
                resourceServers.find(audience).orElseThrow(() -> new OAuthException(new AudienceUnknown(audience)));
        ScopeSet granted = clientGrants
                .find(client.id(), resourceServer.id())
                .orElseThrow(() -> new OAuthException(new AudienceNotGranted(client.id(), resourceServer.audience())));
        resourceServers.unfulfilledDemand(resourceServer).ifPresent(demand -> {
            throw new OAuthException(
                    new AudienceDemandsMore(resourceServer.audience(), demand.predicate(), demand.setting()));
        });
        return new Access(
                client,
                resourceServer,
                request.scope().map(asked -> narrow(granted, asked)).orElse(granted),
                Map.of());
    }

    /** The API that a request asks for; empty if it names none that there is. */
    Optional<ResourceServer> resourceServer(TokenRequest request) {
        return request.audience().or(() -> defaultAudience).flatMap(resourceServers::find);
    }

    static ScopeSet narrow(ScopeSet granted, ScopeSet asked) {
        ScopeSet missing = asked.without(granted);
        if (!missing.isEmpty()) {
            throw new OAuthException(new ScopeNotGranted(missing, granted));
        }
        return asked;
    }
}
