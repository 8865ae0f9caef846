/**
 * Auto-configuration for clients of databases, of Kafka and of RabbitMQ: stops a start
 * after which a client with an SSL bundle of the SPIRE identity would connect to anybody,
 * or without TLS.
 */
@NullMarked
package dev.psat.spire.autoconfigure.data;

import org.jspecify.annotations.NullMarked;
