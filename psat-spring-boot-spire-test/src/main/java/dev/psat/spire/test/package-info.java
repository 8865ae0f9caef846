/**
 * A simulated SPIRE Server for tests and local development. The messages in its packages
 * below are generated, and for nobody else.
 */
@NullMarked
package dev.psat.spire.test;

import org.jspecify.annotations.NullMarked;
