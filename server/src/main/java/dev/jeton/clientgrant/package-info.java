/** Client grants: which scopes a client may ask of a resource server. */
@NullMarked
package dev.jeton.clientgrant;

import org.jspecify.annotations.NullMarked;
