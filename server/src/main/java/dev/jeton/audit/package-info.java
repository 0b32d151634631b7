/**
 * What was decided and changed, on disk before anybody hears of it.
 *
 * <p>Every record has one place in the log ({@code LogPosition}), a millisecond and a number within it, which its
 * {@code log_id} spells. Places are given so that a record becomes visible only after all that stand before it, or is
 * held back from checkpoint readers until then; {@code AuditStore} says how.
 */
@NullMarked
package dev.jeton.audit;

import org.jspecify.annotations.NullMarked;
