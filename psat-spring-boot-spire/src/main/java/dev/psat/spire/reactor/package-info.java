/**
 * Reactor Netty with the SSL bundle, and RSocket, which is refused.
 */
@NullMarked
package dev.psat.spire.reactor;

import org.jspecify.annotations.NullMarked;
