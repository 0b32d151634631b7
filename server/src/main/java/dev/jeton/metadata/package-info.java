/** Authorization server metadata, RFC 8414. */
@NullMarked
package dev.jeton.metadata;

import org.jspecify.annotations.NullMarked;
