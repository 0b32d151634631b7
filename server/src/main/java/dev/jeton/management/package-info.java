/** What every management route shares: access by token and scope, pages, error bodies. */
@NullMarked
package dev.jeton.management;

import org.jspecify.annotations.NullMarked;
