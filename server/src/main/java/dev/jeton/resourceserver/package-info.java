/** Resource servers: the APIs that tokens are for, with their scopes and token settings. */
@NullMarked
package dev.jeton.resourceserver;

import org.jspecify.annotations.NullMarked;
