package dev.jeton.audit;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.RefusalReason;
import dev.jeton.oauth.ScopeSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that Jeton promises to record: who, what, on what, from where, with which outcome. */
public sealed interface AuditEvent {
    /** When it was decided. */
    Instant at();

    /** From where it was asked. */
    Source source();

    /**
     * From where a request came: its address behind any trusted proxies, its {@code User-Agent} cut to 256 characters,
     * and the {@code X-Auth0-RequestId} that its response carries.
     */
    record Source(String ip, @Nullable String userAgent, String requestId) {}

    /** A decision of the token endpoint: {@code seccft} or {@code feccft}. */
    sealed interface TokenEvent extends AuditEvent {
        /** That users' code took part in it. */
        Optional<Execution> execution();
    }

    /**
     * One run of users' code.
     *
     * @param duration as the server measured it, waiting included
     * @param results of each Hook or Action that ran, in their order; of all, if the run ended without a word on which was at
     *     fault
     */
    record Execution(Duration duration, List<Result> results) {
        /**
         * What one of them did.
         *
         * @param kind {@code hook} or {@code action}
         * @param duration as its process measured it
         * @param error null if it did not end the run
         */
        public record Result(
                String kind,
                String id,
                String name,
                Duration duration,
                @Nullable String error) {}

        public Execution {
            results = List.copyOf(results);
        }

        /** The same, ended by the last that ran. */
        public Execution endedBy(String error) {
            List<Result> ended = new ArrayList<>(results);
            if (!ended.isEmpty()) {
                Result last = ended.removeLast();
                ended.add(new Result(last.kind(), last.id(), last.name(), last.duration(), error));
            }
            return new Execution(duration, ended);
        }
    }

    /** A token was signed; it leaves only after this is on disk. {@code resourceServerId} names the API for usage. */
    record TokenIssued(
            Instant at,
            Source source,
            ClientId client,
            String clientName,
            String resourceServerId,
            Audience audience,
            ScopeSet scope,
            String jti,
            Optional<Execution> execution)
            implements TokenEvent {}

    /**
     * A token was refused. {@code client} is what the request named, {@code clientName} is there only if it proved to be
     * that client; {@code description} is the {@code error_description} that left, {@code reason} the private one.
     *
     * @param resourceServerId of the API that a client asked for, if it proved to be that client and there is such an API
     * @param granted what it may ask for there, if that was too little
     * @param code which check it was that failed
     */
    record TokenRefused(
            Instant at,
            Source source,
            @Nullable ClientId client,
            @Nullable String clientName,
            @Nullable String resourceServerId,
            @Nullable Audience audience,
            @Nullable ScopeSet scope,
            @Nullable ScopeSet granted,
            String error,
            String description,
            String reason,
            RefusalReason code,
            Optional<Execution> execution)
            implements TokenEvent {
        /** Whether a stranger caused it, so that it may be folded with others like it. */
        public boolean isAnonymous() {
            return clientName == null;
        }
    }

    /** A change through the management API ({@code sapi}), recorded in the transaction of the change. */
    record Change(
            Instant at,
            Source source,
            String description,
            Actor caller,
            String method,
            String path,
            int status,
            String detailsJson)
            implements AuditEvent {}

    /** A secret was shown to a caller of the management API ({@code mgmt_api_read}), recorded before the answer leaves. */
    record SecretRead(Instant at, Source source, Actor caller, String method, String path, List<String> secrets)
            implements AuditEvent {
        public SecretRead {
            secrets = List.copyOf(secrets);
        }
    }

    /**
     * Somebody signed in or out, tried to, or used a link to become an administrator.
     *
     * @param who empty if there is no such administrator; a name that is none is not recorded, as it may be a password
     * @param detailsJson as of {@link Change}
     */
    record SignIn(
            Instant at,
            Source source,
            Kind kind,
            Optional<Actor.OfAdministrator> who,
            String method,
            String path,
            int status,
            String detailsJson)
            implements AuditEvent {
        /** Auth0's types and words for them. */
        public enum Kind {
            SIGNED_IN("s", "Successful login"),
            WRONG_PASSWORD("fp", "Incorrect password"),
            UNKNOWN_NAME("fu", "Invalid username"),
            SIGNED_OUT("slo", "User successfully logged out"),
            JOINED("ss", "Successful signup"),
            PASSWORD_CHANGED("scp", "Successful password change"),
            PASSWORD_NOT_CHANGED("fcp", "Failed password change");

            private final String type;
            private final String description;

            Kind(String type, String description) {
                this.type = type;
                this.description = description;
            }
        }

        String type() {
            return kind.type;
        }

        String description() {
            return kind.description;
        }
    }
}
