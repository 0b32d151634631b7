/** The HTTP surface: routing, requests and responses; alone in knowing the HTTP engine. */
@NullMarked
package dev.jeton.http;

import org.jspecify.annotations.NullMarked;
