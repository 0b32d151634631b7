package dev.jeton.action;

import java.util.List;
import java.util.Optional;

/** A point at which Auth0 runs Actions, in one version; those of users are named, but nothing ever runs there. */
record Trigger(String id, String version, String status, List<String> runtimes, Optional<String> defaultRuntime) {
    static final List<Trigger> ALL = List.of(
            new Trigger(
                    SupportedTrigger.CREDENTIALS_EXCHANGE,
                    SupportedTrigger.CURRENT_VERSION,
                    "CURRENT",
                    List.of("node18-actions", "node22"),
                    Optional.of("node22")),
            new Trigger(
                    SupportedTrigger.CREDENTIALS_EXCHANGE,
                    "v1",
                    "DEPRECATED",
                    List.of("node22"),
                    Optional.of("node12")),
            ofUsers("post-login", "v3"),
            ofUsers("pre-user-registration", "v2"),
            ofUsers("post-user-registration", "v2"),
            ofUsers("post-change-password", "v2"),
            ofUsers("send-phone-message", "v2"),
            ofUsers("custom-phone-provider", "v1"),
            ofUsers("custom-email-provider", "v1"),
            ofUsers("password-reset-post-challenge", "v1"),
            ofUsers("custom-token-exchange", "v1"),
            ofUsers("event-stream", "v1"),
            ofUsers("password-hash-migration", "v1"),
            ofUsers("login-post-identifier", "v1"),
            ofUsers("signup-post-identifier", "v1"),
            ofUsers("mcp-tool", "v1"));

    private static Trigger ofUsers(String id, String version) {
        return new Trigger(id, version, "UNSUPPORTED", List.of(), Optional.empty());
    }
}
