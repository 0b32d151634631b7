package dev.jeton.client;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.OAuthError.ClientNotAuthenticated;
import dev.jeton.oauth.OAuthException;
import dev.jeton.storage.Encryption;
import java.security.MessageDigest;
import java.util.Optional;

/** Decides which client a request comes from, RFC 6749 §2.3, from memory and in the same time for every failure. */
public final class ClientAuthenticator {
    /** What a client that does not exist is compared with: of a digest's length, and no secret's digest. */
    private static final byte[] NOBODY = new byte[32];

    private final Clients clients;
    private final Encryption encryption;
    private final boolean acceptEitherTransport;

    /**
     * @param acceptEitherTransport whether a secret may come in the body or the header whichever of the two the client
     *     registered
     */
    public ClientAuthenticator(Clients clients, Encryption encryption, boolean acceptEitherTransport) {
        this.clients = clients;
        this.encryption = encryption;
        this.acceptEitherTransport = acceptEitherTransport;
    }

    /**
     * Checks the secret by its keyed digest, in constant time. A public client ({@code none}) is taken at its word; what
     * it may do with that is decided by its grant types.
     *
     * @throws OAuthException with {@link ClientNotAuthenticated}: the same answer for an unknown client, a wrong or
     *     missing secret and a secret sent in a way that the client did not register
     */
    public Client authenticate(ClientCredentials credentials) {
        Optional<Clients.Entry> entry = Optional.ofNullable(credentials.clientId())
                .filter(id -> !id.isEmpty() && id.length() <= ClientId.MAX_LENGTH)
                .flatMap(id -> clients.findEntry(new ClientId(id)));
        ClientSecret secret = credentials.secret();
        byte[] shown = secret == null ? NOBODY : encryption.digest(secret.bytes());
        byte[] expected = entry.map(found -> found.digest().bytes()).orElse(NOBODY);
        boolean isRight = MessageDigest.isEqual(shown, expected) && secret != null && entry.isPresent();

        Client client = entry.map(Clients.Entry::client)
                .orElseThrow(() -> refused(
                        credentials, credentials.clientId() == null ? "no client_id was sent" : "unknown client"));
        if (client.authMethod() == AuthMethod.NONE) {
            return client;
        }
        if (!isRight) {
            throw refused(credentials, secret == null ? "no client_secret was sent" : "wrong client_secret");
        }
        AuthMethod used =
                credentials.byAuthorizationHeader() ? AuthMethod.CLIENT_SECRET_BASIC : AuthMethod.CLIENT_SECRET_POST;
        AuthMethod registered = client.authMethod();
        if (registered != null && registered != used && !acceptEitherTransport) {
            throw refused(
                    credentials,
                    "the secret came by " + used.wireName() + ", the client is registered for "
                            + registered.wireName());
        }
        return client;
    }

    private static OAuthException refused(ClientCredentials credentials, String reason) {
        return new OAuthException(new ClientNotAuthenticated(credentials.byAuthorizationHeader(), reason));
    }
}
