/**
 * Stops what would let a client of Redis connect to anybody, or without TLS.
 */
@NullMarked
package dev.psat.spire.redis;

import org.jspecify.annotations.NullMarked;
