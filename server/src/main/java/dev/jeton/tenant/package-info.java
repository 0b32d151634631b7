/** The settings of the whole server that Auth0's tools read and write. */
@NullMarked
package dev.jeton.tenant;

import org.jspecify.annotations.NullMarked;
