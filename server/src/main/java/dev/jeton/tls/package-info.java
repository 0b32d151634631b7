/** The server's certificate and key: self-signed or read from files, renewed while the server runs. */
@NullMarked
package dev.jeton.tls;

import org.jspecify.annotations.NullMarked;
