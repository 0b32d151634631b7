/** Connections, transactions, migrations, encryption at rest and the feed of changes; knows no feature. */
@NullMarked
package dev.jeton.storage;

import org.jspecify.annotations.NullMarked;
