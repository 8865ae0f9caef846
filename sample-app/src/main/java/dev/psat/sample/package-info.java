/**
 * A small service that shows its own identity.
 */
@NullMarked
package dev.psat.sample;

import org.jspecify.annotations.NullMarked;
