/** Clients: programs that ask for tokens, their secrets and how they prove who they are. */
@NullMarked
package dev.jeton.client;

import org.jspecify.annotations.NullMarked;
