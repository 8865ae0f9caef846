/**
 * The recipes of the documentation.
 */
@NullMarked
package dev.psat.docs.recipes;

import org.jspecify.annotations.NullMarked;
