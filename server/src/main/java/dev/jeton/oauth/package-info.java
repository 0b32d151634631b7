/** The vocabulary of OAuth 2.0 that every feature shares: ids, audiences, scopes and refusals. */
@NullMarked
package dev.jeton.oauth;

import org.jspecify.annotations.NullMarked;
