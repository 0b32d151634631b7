/** A job that uploads the entries of a CSV file to the Timesheets API: an example of a program that calls an API. */
@NullMarked
package dev.jeton.samples.timesheets.upload;

import org.jspecify.annotations.NullMarked;
