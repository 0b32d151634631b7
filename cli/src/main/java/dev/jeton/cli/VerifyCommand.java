package dev.jeton.cli;

import dev.jeton.verifier.AccessToken;
import dev.jeton.verifier.AccessTokenVerifier;
import dev.jeton.verifier.KeySet;
import dev.jeton.verifier.KeySource;
import dev.jeton.verifier.KeysUnavailableException;
import dev.jeton.verifier.Rejection;
import dev.jeton.verifier.SignatureAlgorithm;
import dev.jeton.verifier.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code jeton verify}: decides about an access token as an API with the verifier library would. */
@Command(
        name = "verify",
        description = "Check an access token as its API would: signature, issuer, audience and times.",
        footer =
                "  jeton token --api https://timesheets.example.com | jeton verify --api https://timesheets.example.com",
        exitCodeList = {"0:the token is valid", "1:the token is refused"})
final class VerifyCommand implements Callable<Integer> {
    private static final int MAX_INPUT_BYTES = 64 * 1024;

    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "TOKEN",
            description = "The token; - or nothing reads it from standard input, where other users cannot see it.")
    String token = "-";

    @Option(names = "--api", required = true, paramLabel = "URI", description = "Identifier of the API it must be for.")
    String api = "";

    @Option(
            names = "--signing-secret-file",
            paramLabel = "FILE",
            description = "File with the signing secret of an API with HS256, instead of the server's public keys.")
    @Nullable
    Path signingSecretFile;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ServerAddress server = session.sources().server();
        String text = token.equals("-") ? standardInput() : token;
        AccessTokenVerifier verifier = verifier(server);
        return switch (verifier.verify(text)) {
            case Verification.Verified(AccessToken verified) -> accepted(verified, text);
            case Verification.Rejected(Rejection reason) -> rejected(reason, text);
            case Verification.Undecided(KeysUnavailableException cause) -> throw cause; // the keys are here already
        };
    }

    private String standardInput() {
        try {
            byte[] input = session.shell().in().readNBytes(MAX_INPUT_BYTES);
            String text = new String(input, StandardCharsets.UTF_8).strip();
            if (text.isEmpty()) {
                throw Failure.usage("no token given, neither as an argument nor on standard input");
            }
            return text;
        } catch (IOException e) {
            throw Failure.usage("cannot read standard input: " + e.getMessage());
        }
    }

    private AccessTokenVerifier verifier(ServerAddress server) {
        String issuer = server.issuer().toString();
        AccessTokenVerifier.Builder builder;
        if (signingSecretFile == null) {
            builder = AccessTokenVerifier.builder(issuer, api, KeySource.of(publishedKeys(server)));
        } else {
            Secret secret = Secret.read(session.shell().directory().resolve(signingSecretFile));
            builder = AccessTokenVerifier.builder(issuer, api, KeySource.of(secretKey(secret)))
                    .algorithms(SignatureAlgorithm.HS256);
        }
        return builder.clock(session.shell().clock()).build();
    }

    private KeySet publishedKeys(ServerAddress address) {
        String goal = "fetch the server's public keys";
        JetonServer server = session.server(address);
        Answer answer = server.send(
                goal, server.request(ApiPath.of(".well-known/jwks.json")).GET().build());
        if (!answer.isSuccess()) {
            throw Failure.of(goal, answer);
        }
        try {
            return KeySet.parse(Json.compact(answer.body()));
        } catch (IllegalArgumentException e) {
            throw Failure.refused("cannot " + goal + ": " + e.getMessage());
        }
    }

    private static KeySet secretKey(Secret secret) {
        try {
            return KeySet.ofSecret(secret.reveal().getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("the signing secret cannot be used: " + e.getMessage());
        }
    }

    private int accepted(AccessToken verified, String text) {
        if (session.json()) {
            ObjectNode verdict = Json.object().put("verified", true);
            verdict.set("claims", UnverifiedToken.decode(text).claims());
            session.output().json(verdict);
            return 0;
        }
        Instant now = session.shell().clock().instant();
        session.output().line("The token is valid.");
        session.output().blank();
        session.output()
                .table(Table.plain()
                        .row("Application", verified.clientId().orElse("not named"))
                        .row("API", String.join(" ", verified.audience()))
                        .row("Scopes", verified.scopes().isEmpty() ? "none" : String.join(" ", verified.scopes()))
                        .row("Expires", Moment.relative(verified.expiresAt(), now))
                        .row(
                                "Signed with",
                                verified.algorithm()
                                        + verified.keyId()
                                                .map(kid -> ", key " + kid)
                                                .orElse("")));
        return 0;
    }

    private int rejected(Rejection reason, String text) {
        if (session.json()) {
            session.output()
                    .json(Json.object()
                            .put("verified", false)
                            .put("code", reason.code())
                            .put("reason", reason.sentence()));
            return Failure.REFUSED;
        }
        Failure failure = Failure.refused("the token is refused: " + reason.sentence());
        throw switch (reason) { // the claims quoted here are looked at only once the signature is good
            case WRONG_AUDIENCE -> failure.mendedBy("it is for " + claim(text, "aud") + ", not for " + api);
            case WRONG_ISSUER ->
                failure.mendedBy("its issuer is " + claim(text, "iss") + ", not "
                        + session.sources().server().issuer());
            case EXPIRED -> failure.mendedBy("it was valid until " + Moment.of(expiry(text)));
            case ALGORITHM_NOT_ALLOWED ->
                failure.mendedBy(
                        signingSecretFile == null
                                ? "for an API with HS256, give its signing secret with --signing-secret-file"
                                : "with --signing-secret-file only HS256 is allowed");
            case UNKNOWN_KEY -> failure.mendedBy("its key may be revoked: see jeton keys list");
            default -> failure;
        };
    }

    private static String claim(String text, String name) {
        return Json.text(UnverifiedToken.decode(text).claims(), name);
    }

    private static Instant expiry(String text) {
        return Instant.ofEpochSecond(
                UnverifiedToken.decode(text).claims().path("exp").asLong(0));
    }
}
