/** The dashboard's files: a program that runs in the browser and is a client of the management API like any other. */
@NullMarked
package dev.jeton.dashboard;

import org.jspecify.annotations.NullMarked;
