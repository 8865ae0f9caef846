/**
 * A simulated SPIRE Server for tests and local development.
 */
@NullMarked
package dev.psat.spire.test;

import org.jspecify.annotations.NullMarked;
