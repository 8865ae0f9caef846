/**
 * The bundle in the streams of RabbitMQ.
 */
@NullMarked
package dev.psat.tlstests.rabbitmq;

import org.jspecify.annotations.NullMarked;
