/**
 * Opens up what the client keeps to itself.
 */
@NullMarked
package dev.psat.spire.client;

import org.jspecify.annotations.NullMarked;
