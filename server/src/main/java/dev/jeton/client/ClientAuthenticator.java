package dev.jeton.client;

import dev.jeton.client.Client.AuthMethod;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.OAuthError.ClientNotAuthenticated;
import dev.jeton.oauth.OAuthException;
import dev.jeton.storage.Encryption;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Decides which client a request comes from, RFC 6749 §2.3, from memory and in the same time for every failure. */
public final class ClientAuthenticator {
    /** What a client that does not exist is compared with: of a digest's length, and no secret's digest. */
    private static final byte[] NOBODY = new byte[32];

    private final Clients clients;
    private final UnaryOperator<byte[]> digest;
    private final boolean acceptEitherTransport;

    /**
     * @param digest of a secret's bytes, as {@link Encryption#digest}
     * @param acceptEitherTransport whether a secret may come in the body or the header whichever of the two the client
     *     registered
     */
    public ClientAuthenticator(Clients clients, UnaryOperator<byte[]> digest, boolean acceptEitherTransport) {
        this.clients = clients;
        this.digest = digest;
        this.acceptEitherTransport = acceptEitherTransport;
    }

    /**
     * Checks the secret by its keyed digest, in constant time. A public client ({@code none}) is taken at its word; what
     * it may do with that is decided by its grant types.
     *
     * @throws OAuthException with {@link ClientNotAuthenticated}: the same answer for an unknown client, a wrong or
     *     missing secret, a secret sent in a way that the client did not register, and a client that registered what
     *     Jeton cannot check
     */
    public Client authenticate(ClientCredentials credentials) {
        Optional<Clients.Entry> entry = Optional.ofNullable(credentials.clientId())
                .filter(id -> !id.isEmpty() && id.length() <= ClientId.MAX_LENGTH)
                .flatMap(id -> clients.findEntry(new ClientId(id)));
        ClientSecret secret = credentials.secret();
        byte[] shown = secret == null ? NOBODY : digest.apply(secret.bytes());
        byte[] expected = entry.map(found -> found.digest().bytes()).orElse(NOBODY);
        boolean isRight = MessageDigest.isEqual(shown, expected) && secret != null;
        // From here on a client that does not exist is one whose secret was wrong.
        Client client = entry.map(Clients.Entry::client).orElse(null);
        if (client == null || !(isRight || client.authMethod() == AuthMethod.NONE)) {
            throw refused(credentials, whyUnproven(credentials, client));
        }
        if (client.hasCredentials() || client.requiresProofOfPossession()) {
            throw refused(credentials, whyUnproven(credentials, client));
        }
        if (client.authMethod() == AuthMethod.NONE) {
            return client;
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

    /** For the audit record, not for whoever asked. */
    private static String whyUnproven(ClientCredentials credentials, @Nullable Client client) {
        if (credentials.clientId() == null) {
            return "no client_id was sent";
        }
        if (client == null) {
            return "unknown client";
        }
        if (client.hasCredentials()) {
            return "the client is registered for "
                    + Objects.requireNonNull(client.authMethod()).wireName()
                    + ", which is not supported; its secret does not count";
        }
        if (client.requiresProofOfPossession()) {
            return "the client requires proof of possession, which is not supported";
        }
        return credentials.secret() == null ? "no client_secret was sent" : "wrong client_secret";
    }

    private static OAuthException refused(ClientCredentials credentials, String reason) {
        return new OAuthException(new ClientNotAuthenticated(credentials.byAuthorizationHeader(), reason));
    }
}
