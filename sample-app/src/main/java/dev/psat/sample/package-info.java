/**
 * A small service that shows what it knows about its own identity.
 */
@NullMarked
package dev.psat.sample;

import org.jspecify.annotations.NullMarked;
