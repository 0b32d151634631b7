/** {@code jeton doctor}: looks at the machine and the settings of a server, and changes nothing. */
@NullMarked
package dev.jeton.doctor;

import org.jspecify.annotations.NullMarked;
