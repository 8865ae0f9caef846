/** What the auto-configuration of other modules tells that of the token. */
@NullMarked
package dev.psat.autoconfigure.internal;

import org.jspecify.annotations.NullMarked;
