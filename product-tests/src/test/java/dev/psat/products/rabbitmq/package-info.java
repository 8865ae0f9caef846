/**
 * RabbitMQ, whose users are SPIFFE IDs.
 */
@NullMarked
package dev.psat.products.rabbitmq;

import org.jspecify.annotations.NullMarked;
