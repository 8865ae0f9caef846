/**
 * Servers and clients of gRPC with an SSL bundle of the identity.
 */
@NullMarked
package dev.psat.spire.grpc;

import org.jspecify.annotations.NullMarked;
