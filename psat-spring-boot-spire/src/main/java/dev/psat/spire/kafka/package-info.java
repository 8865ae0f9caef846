/**
 * Stops what would let a client of Kafka connect to anybody, or without TLS.
 */
@NullMarked
package dev.psat.spire.kafka;

import org.jspecify.annotations.NullMarked;
