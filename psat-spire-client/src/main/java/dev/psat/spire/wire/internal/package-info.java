/**
 * Messages of protocol buffers, and how gRPC frames them, as both clients of this module
 * read and write them. Public for these alone.
 */
@NullMarked
package dev.psat.spire.wire.internal;

import org.jspecify.annotations.NullMarked;
