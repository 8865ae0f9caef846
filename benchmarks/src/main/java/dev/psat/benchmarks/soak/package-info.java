/**
 * How the library fares when everything around it goes wrong, again and again.
 */
@NullMarked
package dev.psat.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
