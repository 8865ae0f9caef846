/**
 * Reads what others have encoded: DER, JSON, keys and certificates. Public for the client
 * alone.
 */
@NullMarked
package dev.psat.spiffe.internal;

import org.jspecify.annotations.NullMarked;
