/**
 * The same calls over grpc-netty.
 */
@NullMarked
package dev.psat.benchmarks.svid.grpc;

import org.jspecify.annotations.NullMarked;
