/**
 * What the endpoints and the wiring share.
 */
@NullMarked
package dev.psat.spire.autoconfigure.internal;

import org.jspecify.annotations.NullMarked;
