/**
 * Auto-configuration for the token source, the attestor and the endpoint.
 */
@NullMarked
package dev.psat.autoconfigure;

import org.jspecify.annotations.NullMarked;
