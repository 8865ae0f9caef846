/**
 * The lists of who may connect, in properties and in files that change while the
 * application runs.
 */
@NullMarked
package dev.psat.spire.autoconfigure.authorization.internal;

import org.jspecify.annotations.NullMarked;
