/** Hooks: the functions of users that change scopes and claims, and the processes in which they run. */
@NullMarked
package dev.jeton.hook;

import org.jspecify.annotations.NullMarked;
