/** Gets, keeps and renews access tokens inside the program that calls an API with them. */
@NullMarked
package dev.jeton.tokenclient;

import org.jspecify.annotations.NullMarked;
