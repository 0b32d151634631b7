/** Puts the verifier in front of servlets: a filter that lets requests through by their access token. */
@NullMarked
package dev.jeton.verifier.servlet;

import org.jspecify.annotations.NullMarked;
