package dev.jeton.signingkey;

import dev.jeton.http.Response;
import dev.jeton.http.Router;
import dev.jeton.http.Router.Route;
import dev.jeton.http.Router.Runs;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code /.well-known/jwks.json} (RFC 7517 §5), and the current RSA certificate as {@code /pem} and {@code /cer}. */
public final class JwksEndpoint {
    /** A short time, so that a new key is known and a revoked one gone soon; stale is better than nothing. */
    public static final String CACHE_CONTROL = "public, max-age=15, stale-while-revalidate=15, stale-if-error=86400";

    private static final Base64.Encoder PEM_BODY =
            Base64.getMimeEncoder(64, "\r\n".getBytes(StandardCharsets.US_ASCII));

    private final KeyRing keyRing;
    private final Supplier<CompletionStage<?>> caughtUp;

    /** @param caughtUp completes when the keys are as new as they can be had, soon in any case */
    public JwksEndpoint(KeyRing keyRing, Supplier<CompletionStage<?>> caughtUp) {
        this.keyRing = keyRing;
        this.caughtUp = caughtUp;
    }

    public void mount(Router router) {
        router.add(route("/.well-known/jwks.json", this::jwks));
        router.add(route("/pem", this::pem));
        router.add(route("/cer", this::cer));
    }

    /** Published by a node that has just woken, a revoked key would be believed for as long as it may be kept. */
    private Route route(String path, Supplier<Response> answer) {
        return new Route(
                "GET",
                path,
                Runs.ON_EVENT_LOOP,
                "JwksEndpoint",
                "public",
                0,
                _ -> caughtUp.get().thenApply(_ -> answer.get()));
    }

    private Response jwks() {
        return published(Response.json(200, keyRing.jwks()));
    }

    private Response pem() {
        byte[] pem = pem(keyRing.currentRsa()).getBytes(StandardCharsets.US_ASCII);
        return published(Response.of(200, "application/x-pem-file", pem));
    }

    private Response cer() {
        byte[] der = SigningKeyStore.encoded(keyRing.currentRsa().certificate());
        return published(Response.of(200, "application/x-x509-ca-cert", der));
    }

    private static Response published(Response response) {
        return response.with("Cache-Control", CACHE_CONTROL).with("Access-Control-Allow-Origin", "*");
    }

    /** A certificate in PEM, RFC 7468 §5, with the line ends that Auth0's tools have seen. */
    static String pem(SigningKey key) {
        return String.join(
                "\r\n",
                List.of(
                        "-----BEGIN CERTIFICATE-----",
                        PEM_BODY.encodeToString(SigningKeyStore.encoded(key.certificate())),
                        "-----END CERTIFICATE-----"));
    }
}
