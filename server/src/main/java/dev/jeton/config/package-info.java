/** The configuration: one tree of records, read once. */
@NullMarked
package dev.jeton.config;

import org.jspecify.annotations.NullMarked;
