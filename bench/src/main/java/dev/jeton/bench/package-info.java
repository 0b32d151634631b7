/** Programs that the load script starts beside the server. */
@NullMarked
package dev.jeton.bench;

import org.jspecify.annotations.NullMarked;
