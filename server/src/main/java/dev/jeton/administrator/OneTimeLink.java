package dev.jeton.administrator;

import java.time.Instant;
import java.util.Optional;

/**
 * What a link is good for, once.
 *
 * @param role what an administrator made by it becomes; empty for a reset
 * @param administratorId whose password is reset
 * @param madeBy the id of the administrator or client who asked for it; empty for the first start's
 * @param expiresAt empty for the first start's: they end when there is an administrator
 */
record OneTimeLink(
        Purpose purpose,
        Optional<Role> role,
        Optional<String> administratorId,
        Optional<String> madeBy,
        Instant createdAt,
        Optional<Instant> expiresAt) {}
