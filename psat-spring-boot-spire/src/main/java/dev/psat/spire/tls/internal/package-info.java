/**
 * Key manager, trust manager and contexts of the SSL bundle. Each connection uses a
 * single {@link dev.psat.spire.tls.TlsSnapshot} for its key, and none is resumed with
 * another.
 */
@NullMarked
package dev.psat.spire.tls.internal;

import org.jspecify.annotations.NullMarked;
