/**
 * Keycloak, in a JVM of its own, with its preview feature {@code spiffe}.
 */
@NullMarked
package dev.psat.products.keycloak;

import org.jspecify.annotations.NullMarked;
