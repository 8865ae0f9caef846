/**
 * What the documentation prints, compiled and run.
 */
@NullMarked
package dev.psat.docs;

import org.jspecify.annotations.NullMarked;
