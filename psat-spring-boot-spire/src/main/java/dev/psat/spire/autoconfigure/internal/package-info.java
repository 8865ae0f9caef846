/**
 * What the packages of libraries have in common: the wiring as they see it, rules for
 * servers with an SSL bundle of the identity, and checks of clients.
 */
@NullMarked
package dev.psat.spire.autoconfigure.internal;

import org.jspecify.annotations.NullMarked;
