/**
 * What the packages of brokers and databases share: checks of clients.
 */
@NullMarked
package dev.psat.spire.autoconfigure.data.internal;

import org.jspecify.annotations.NullMarked;
