/** Actions, as their authors make, deploy and bind them. */
@NullMarked
package dev.jeton.action;

import org.jspecify.annotations.NullMarked;
