package dev.jeton.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** The settings of an API that can be given when it is created and changed later. */
final class ApiSettings {
    @Option(
            names = "--scope",
            paramLabel = "VALUE[=TEXT]",
            description = "Scope it knows, with a description, repeatable. An update replaces all; '' is none.")
    @Nullable
    List<String> scopes;

    @Option(
            names = "--token-lifetime",
            paramLabel = "SECONDS",
            description = "How long its tokens are valid; 86400 unless given.")
    @Nullable
    Integer tokenLifetimeSeconds;

    @Option(
            names = "--signing-alg",
            paramLabel = "ALG",
            completionCandidates = Choices.ApiAlgorithms.class,
            description = "RS256 (the default), RS512, PS256, ES256, EdDSA or HS256.")
    @Nullable
    String signingAlg;

    @Option(
            names = "--token-dialect",
            paramLabel = "DIALECT",
            completionCandidates = Choices.TokenDialects.class,
            description = "access_token (the default) or rfc9068_profile; with _authz at its end the token lists"
                    + " permissions.")
    @Nullable
    String tokenDialect;

    @Option(
            names = "--signing-secret-file",
            paramLabel = "FILE",
            description = "File with the secret for HS256; the server makes one unless given.")
    @Nullable
    Path signingSecretFile;

    /** Writes those that were given into a request's body. */
    void writeTo(ObjectNode body, Shell shell) {
        if (scopes != null) {
            body.set("scopes", ScopeList.definitions(scopes));
        }
        if (tokenLifetimeSeconds != null) {
            body.put("token_lifetime", tokenLifetimeSeconds);
        }
        if (signingAlg != null) {
            body.put("signing_alg", signingAlg);
        }
        if (tokenDialect != null) {
            body.put("token_dialect", tokenDialect);
            body.put("enforce_policies", tokenDialect.endsWith("_authz")); // the dialect needs it, and only it does
        }
        if (signingSecretFile != null) {
            Secret secret = Secret.read(shell.directory().resolve(signingSecretFile));
            body.put("signing_secret", secret.reveal());
        }
    }
}
