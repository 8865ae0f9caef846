/** How both clients of this module write and read gRPC. Public only for them. */
@NullMarked
package dev.psat.spire.wire.internal;

import org.jspecify.annotations.NullMarked;
