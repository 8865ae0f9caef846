/**
 * Auto-configuration for the servers and clients that use the SSL bundle, with a class
 * for each library that needs special treatment. Servers are configured for any
 * {@code SpiffeSslBundle}, even if the application has created it without the rest of the
 * auto-configuration, and in child contexts: served from its stores, a bundle has no key,
 * since it could not decide who may connect.
 */
@NullMarked
package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
