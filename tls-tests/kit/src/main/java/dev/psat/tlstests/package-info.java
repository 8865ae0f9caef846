/**
 * The world around an application with the bundle, and the contracts of its servers and
 * clients.
 */
@NullMarked
package dev.psat.tlstests;

import org.jspecify.annotations.NullMarked;
