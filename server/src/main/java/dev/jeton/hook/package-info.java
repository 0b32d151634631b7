/** Hooks, as their authors make and change them. */
@NullMarked
package dev.jeton.hook;

import org.jspecify.annotations.NullMarked;
