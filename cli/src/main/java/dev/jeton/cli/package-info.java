/** The command line: a plain client of the management API. */
@NullMarked
package dev.jeton.cli;

import org.jspecify.annotations.NullMarked;
