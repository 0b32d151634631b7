/** Programs that the load script starts beside the server, and the benchmark of the verifier. */
@NullMarked
package dev.jeton.bench;

import org.jspecify.annotations.NullMarked;
