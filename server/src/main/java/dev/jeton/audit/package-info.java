/** What was decided and changed, on disk before anybody hears of it. */
@NullMarked
package dev.jeton.audit;

import org.jspecify.annotations.NullMarked;
