/** The token endpoint: from a request to a signed access token or a refusal. */
@NullMarked
package dev.jeton.token;

import org.jspecify.annotations.NullMarked;
