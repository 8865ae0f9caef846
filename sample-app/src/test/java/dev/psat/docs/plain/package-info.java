/**
 * The documentation's program in plain Java, and its tests.
 */
@NullMarked
package dev.psat.docs.plain;

import org.jspecify.annotations.NullMarked;
