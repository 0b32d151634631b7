/** The authorization server's start and its wiring. */
@NullMarked
package dev.jeton;

import org.jspecify.annotations.NullMarked;
