/** Code of users that takes part in a token: what of it is at work, and the processes in which it runs. */
@NullMarked
package dev.jeton.extension;

import org.jspecify.annotations.NullMarked;
