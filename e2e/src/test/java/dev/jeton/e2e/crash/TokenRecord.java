package dev.jeton.e2e.crash;

import java.util.Optional;

/**
 * What the audit log has of a decision of the token endpoint.
 *
 * @param jti of the token, empty for a refusal
 */
record TokenRecord(String clientId, String requestId, Optional<String> jti) {}
