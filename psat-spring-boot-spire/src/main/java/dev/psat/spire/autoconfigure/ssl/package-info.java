/**
 * Auto-configuration for all web servers that serve an SSL bundle of the identity, also
 * in child contexts, and even if the application has created the bundle without the rest
 * of the auto-configuration. Served from its stores, a bundle has no key, since it could
 * not decide who may connect: {@code WebServerBundleCustomizer} of {@code .internal}
 * gives servers its context, and {@code WebServerStartCheck} stops those that have it
 * not. {@code BundleProperties} checks the properties of servers and clients that name
 * one.
 */
@NullMarked
package dev.psat.spire.autoconfigure.ssl;

import org.jspecify.annotations.NullMarked;
