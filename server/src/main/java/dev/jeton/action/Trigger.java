package dev.jeton.action;

import java.util.List;
import java.util.Set;

/** The point at which Actions run, in one version. */
record Trigger(String id, String version, String status, List<String> runtimes, String defaultRuntime) {
    static final List<Trigger> ALL = List.of(
            new Trigger(
                    SupportedTrigger.CREDENTIALS_EXCHANGE,
                    SupportedTrigger.CURRENT_VERSION,
                    "CURRENT",
                    List.of("node18-actions", "node22"),
                    "node22"),
            new Trigger(SupportedTrigger.CREDENTIALS_EXCHANGE, "v1", "DEPRECATED", List.of("node22"), "node12"));

    /** Where Auth0 runs Actions for users: their bindings can be asked for, and nothing is ever bound there. */
    static final Set<String> OF_USERS = Set.of(
            "post-login",
            "pre-user-registration",
            "post-user-registration",
            "post-change-password",
            "send-phone-message",
            "custom-phone-provider",
            "custom-email-provider",
            "password-reset-post-challenge",
            "custom-token-exchange",
            "event-stream",
            "password-hash-migration",
            "login-post-identifier",
            "signup-post-identifier",
            "mcp-tool");
}
