/**
 * Auto-configuration of the token source, the attestor and what shows them.
 */
@NullMarked
package dev.psat.autoconfigure;

import org.jspecify.annotations.NullMarked;
