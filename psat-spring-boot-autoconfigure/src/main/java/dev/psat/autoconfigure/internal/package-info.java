/**
 * What the auto-configurations of the token, and those of other modules, share.
 */
@NullMarked
package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.NullMarked;
