/**
 * What the server has for browsers: the dashboard's files, a program that is a client of the management API like any other,
 * and the pages of the documentation.
 */
@NullMarked
package dev.jeton.dashboard;

import org.jspecify.annotations.NullMarked;
