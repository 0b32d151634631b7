/** Owns the people who sign in to the dashboard: their names and roles, passwords, sessions, and the links that make them. */
@NullMarked
package dev.jeton.administrator;

import org.jspecify.annotations.NullMarked;
