/** Auto-configuration for the meters of the token. */
@NullMarked
package dev.psat.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
