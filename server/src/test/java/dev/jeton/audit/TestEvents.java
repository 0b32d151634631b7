package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.Change;
import dev.jeton.audit.AuditEvent.Source;
import dev.jeton.audit.AuditEvent.TokenIssued;
import dev.jeton.audit.AuditEvent.TokenRefused;
import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.RefusalReason;
import dev.jeton.oauth.ScopeSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Events for tests, and the clock they happen by. */
final class TestEvents implements InstantSource {
    static final String BILLING = "q7Zr0KxV3bTnW8sLmE2yHc5DpJ1uGfAo";
    static final String BILLING_API = "66f2a1c09d3e4b7a5c018e2f";

    private volatile Instant now;

    TestEvents(String now) {
        this.now = Instant.parse(now);
    }

    @Override
    public Instant instant() {
        return now;
    }

    void set(String time) {
        now = Instant.parse(time);
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    TokenIssued issued(String jti) {
        return issued(BILLING, jti);
    }

    TokenIssued issued(String client, String jti) {
        return new TokenIssued(
                now,
                source("203.0.113.7"),
                new ClientId(client),
                "Billing worker",
                BILLING_API,
                new Audience("https://api.example.com/billing"),
                ScopeSet.parse("read:invoices"),
                jti,
                Optional.empty());
    }

    /** A refusal of a client that proved who it is. */
    TokenRefused refused(String reason) {
        return new TokenRefused(
                now,
                source("203.0.113.7"),
                new ClientId(BILLING),
                "Billing worker",
                null,
                new Audience("https://api.example.com/other"),
                null,
                null,
                "access_denied",
                "Client is not authorized to access this resource server.",
                reason,
                RefusalReason.AUDIENCE_UNKNOWN,
                Optional.empty());
    }

    /** A refusal of a stranger. */
    TokenRefused strange(String ip, String error) {
        return new TokenRefused(
                now,
                source(ip),
                new ClientId("nobody"),
                null,
                null,
                null,
                null,
                null,
                error,
                "Unauthorized",
                "no such client",
                RefusalReason.CLIENT_NOT_AUTHENTICATED,
                Optional.empty());
    }

    Change change(String description) {
        return new Change(
                now,
                source("198.51.100.4"),
                description,
                new Actor.OfClient(new ClientId(BILLING), "Deploy"),
                "POST",
                "/api/v2/clients",
                201,
                "{\"request\":{\"body\":{\"name\":\"Billing worker\"}},\"response\":{\"body\":{}}}");
    }

    static Source source(String ip) {
        return new Source(ip, "Go-Auth0/latest", "req-1");
    }
}
