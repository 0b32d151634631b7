package dev.jeton.audit;

/** More events wait to be stored than the queue may hold: answered with 503, never with a token that is not recorded. */
public final class AuditQueueFullException extends RuntimeException {
    AuditQueueFullException(int capacity) {
        // No stack trace: this is thrown by the thousand when the server has least time for it.
        super(capacity + " audit events wait to be stored, and there is no room for more", null, false, false);
    }
}
