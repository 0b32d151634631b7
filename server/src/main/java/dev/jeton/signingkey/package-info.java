/** Signing keys: their states, rotation and publication. */
@NullMarked
package dev.jeton.signingkey;

import org.jspecify.annotations.NullMarked;
