package dev.jeton.client;

import org.jspecify.annotations.Nullable;

/**
 * What a request shows to prove which client it is, RFC 6749 §2.3.1.
 *
 * @param byAuthorizationHeader {@code client_secret_basic} rather than {@code client_secret_post}
 */
public record ClientCredentials(
        @Nullable String clientId, @Nullable ClientSecret secret, boolean byAuthorizationHeader) {}
