/**
 * The world around an application with the bundle, and what its servers and clients have
 * to keep.
 */
@NullMarked
package dev.psat.tlstests;

import org.jspecify.annotations.NullMarked;
