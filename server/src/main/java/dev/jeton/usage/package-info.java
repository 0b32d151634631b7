/** Owns what the server was used for: the figures that a person wants to see before something is changed. */
@NullMarked
package dev.jeton.usage;

import org.jspecify.annotations.NullMarked;
