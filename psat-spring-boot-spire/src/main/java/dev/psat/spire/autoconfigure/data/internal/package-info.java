/**
 * What the packages of brokers and databases share: checks of clients, also in child
 * contexts.
 */
@NullMarked
package dev.psat.spire.autoconfigure.data.internal;

import org.jspecify.annotations.NullMarked;
