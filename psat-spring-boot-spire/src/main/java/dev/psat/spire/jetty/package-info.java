/**
 * Jetty with the SSL bundle, and connections that end with their authorization.
 */
@NullMarked
package dev.psat.spire.jetty;

import org.jspecify.annotations.NullMarked;
