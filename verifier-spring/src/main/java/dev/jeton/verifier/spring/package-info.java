/** Lets Spring Security take access tokens that the verifier has checked, and answer as RFC 6750 says. */
@NullMarked
package dev.jeton.verifier.spring;

import org.jspecify.annotations.NullMarked;
