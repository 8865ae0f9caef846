/**
 * Clients of Netty whose channels end, or are taken out of use, with the connections of a
 * bundle.
 */
@NullMarked
package dev.psat.spire.netty.internal;

import org.jspecify.annotations.NullMarked;
