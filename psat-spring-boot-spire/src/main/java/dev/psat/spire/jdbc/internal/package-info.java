/**
 * How a socket factory finds the SSL bundles of the application, and what a connection
 * has to demand of its driver. Public only for the other packages of this module.
 */
@NullMarked
package dev.psat.spire.jdbc.internal;

import org.jspecify.annotations.NullMarked;
