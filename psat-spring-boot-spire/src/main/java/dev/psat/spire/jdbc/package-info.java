/**
 * The SSL bundle for JDBC drivers, which find a socket factory by its name.
 */
@NullMarked
package dev.psat.spire.jdbc;

import org.jspecify.annotations.NullMarked;
