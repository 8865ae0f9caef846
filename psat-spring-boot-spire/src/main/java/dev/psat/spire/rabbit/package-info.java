/**
 * RabbitMQ with the SSL bundle: streams use its context, and what would let a client
 * connect to anybody, or without TLS, is stopped.
 */
@NullMarked
package dev.psat.spire.rabbit;

import org.jspecify.annotations.NullMarked;
