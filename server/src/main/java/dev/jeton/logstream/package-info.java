/** Log streams as tools configure them: kept and given back; nothing is delivered. */
@NullMarked
package dev.jeton.logstream;

import org.jspecify.annotations.NullMarked;
