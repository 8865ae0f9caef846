/**
 * Apache Kafka, whose broker runs from jars.
 */
@NullMarked
package dev.psat.products.kafka;

import org.jspecify.annotations.NullMarked;
