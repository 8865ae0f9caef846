/**
 * Auto-configuration of the servers and clients that use the SSL bundle, a class for each
 * library that takes it in a way of its own. Servers are configured for any
 * {@code SpiffeSslBundle}, also where the application has made it without our other
 * auto-configuration: served in any other way it would let in everybody whom the trust
 * bundle vouches for.
 */
@NullMarked
package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
