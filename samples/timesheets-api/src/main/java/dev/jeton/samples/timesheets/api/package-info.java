/** The Timesheets API of the sample: five routes, each with the scope that it needs. */
@NullMarked
package dev.jeton.samples.timesheets.api;

import org.jspecify.annotations.NullMarked;
