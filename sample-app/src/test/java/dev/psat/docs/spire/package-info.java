/**
 * The application of the documentation's examples, with the SPIRE half.
 */
@NullMarked
package dev.psat.docs.spire;

import org.jspecify.annotations.NullMarked;
