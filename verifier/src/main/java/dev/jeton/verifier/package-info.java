/** Checks access tokens inside the API that receives them. */
@NullMarked
package dev.jeton.verifier;

import org.jspecify.annotations.NullMarked;
