/**
 * The example of a test of a client in the documentation.
 */
@NullMarked
package dev.psat.docs.stock;

import org.jspecify.annotations.NullMarked;
