/** What operators and their machines ask of a running server: is it alive, is it ready, what does it log. */
@NullMarked
package dev.jeton.operations;

import org.jspecify.annotations.NullMarked;
