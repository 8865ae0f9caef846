/**
 * What the tests of several modules share, whatever they test.
 */
@NullMarked
package dev.psat.support;

import org.jspecify.annotations.NullMarked;
