/**
 * The example of a test of who may call, in the documentation.
 */
@NullMarked
package dev.psat.docs.inventory;

import org.jspecify.annotations.NullMarked;
