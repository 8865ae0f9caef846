/**
 * The application of the documentation's examples.
 */
@NullMarked
package dev.psat.docs.orders;

import org.jspecify.annotations.NullMarked;
